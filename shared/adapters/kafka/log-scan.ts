import type { LoggedBatch, LogScan } from '../../append/ports.ts';
import { type TargetOffset, targetOffset } from '../../flow/offset.ts';
import { type BatchHeader, batchHeaders } from '../../records/decode.ts';
import type { KafkaCluster } from './cluster.ts';
import type { Place } from './log-ends.ts';
import { readLog } from './read-log.ts';

/**
 * The headers of all batches from the one that holds `from` to the high watermark. Memory is bounded by one fetch
 * answer and one small object a batch.
 */
export async function scanLog(cluster: KafkaCluster, place: Place, from: TargetOffset): Promise<LogScan> {
  const batches: LoggedBatch[] = [];
  let bounds = { logStart: 0, highWatermark: 0 };
  let position: number = from;
  for await (const fetched of readLog(cluster, place, from)) {
    bounds = fetched;
    for (const header of batchHeaders(fetched.log)) {
      if (header.lastOffset < position) continue;
      batches.push(loggedBatch(header));
      position = header.lastOffset + 1;
    }
  }
  const { logStart, highWatermark } = bounds;
  return { batches, logStart: targetOffset(logStart), highWatermark: targetOffset(highWatermark) };
}

function loggedBatch(header: BatchHeader): LoggedBatch {
  return {
    base: targetOffset(header.baseOffset),
    last: targetOffset(header.lastOffset),
    producer: { producerId: header.producerId, epoch: header.producerEpoch },
    baseSequence: header.baseSequence,
    count: header.lastOffset - header.baseOffset + 1,
    control: header.control,
    leaderEpoch: header.leaderEpoch,
  };
}
