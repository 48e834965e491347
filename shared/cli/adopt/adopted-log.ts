import type { KafkaCluster } from '../../adapters/kafka/cluster.ts';
import { logBounds, type Place } from '../../adapters/kafka/log-ends.ts';
import { readLog } from '../../adapters/kafka/read-log.ts';
import type { AdoptedLog } from '../../adopt/find-position.ts';
import { type LogPart, LogPartReader } from '../../adopt/log-entry.ts';
import { decodeBatches } from '../../records/decode.ts';

/** A partition's log up to the high watermark of now. @throws CausewayError */
export async function adoptedLog(cluster: KafkaCluster, place: Place, side: 'source' | 'target'): Promise<AdoptedLog> {
  const { logStart, highWatermark: logEnd } = await logBounds(cluster, place);
  return {
    logStart,
    logEnd,
    read: async (from): Promise<LogPart> => {
      const reader = new LogPartReader({ from, to: logEnd }, side);
      for await (const { log } of readLog(cluster, place, from)) {
        let last = -1;
        for (const batch of decodeBatches(log)) {
          reader.add(batch);
          last = batch.header.lastOffset;
        }
        if (last >= logEnd - 1) break;
      }
      return reader.part;
    },
  };
}
