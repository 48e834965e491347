import { createHash } from 'node:crypto';
import type { TopicPartition } from '../../../mm2/topic-partition.ts';
import { type DecodedRecord, decodeBatches } from '../../../records/decode.ts';
import type { RecordDigest } from '../../../runbook/ports/cluster.ts';
import type { KafkaCluster } from '../cluster.ts';
import { readLog } from '../read-log.ts';

const COMMIT = 1;

/**
 * What consumers that read only what is committed get from `from` on, in order, without payloads: at most `most` records,
 * and none from the first on that a transaction has not decided yet.
 * @throws CausewayError; KafkaDeadlineError when it takes longer than `timeoutMs`
 */
export async function recordDigests(
  cluster: KafkaCluster,
  place: TopicPartition,
  from: number,
  most: number,
  timeoutMs: number,
): Promise<readonly RecordDigest[]> {
  const found: RecordDigest[] = [];
  /** By producer id, the records that wait for its marker. */
  const undecided = new Map<bigint, DecodedRecord[]>();
  const enough = () => {
    const first = firstOf(undecided);
    return found.filter(({ offset }) => offset < first).length >= most;
  };
  for await (const { log } of readLog(cluster, { ...place, signal: AbortSignal.timeout(timeoutMs) }, from)) {
    for (const { header, records } of decodeBatches(log)) {
      const { producerId, control, transactional } = header;
      const asked = records.filter(({ offset }) => offset >= from);
      if (control) {
        const isCommit = records[0]?.key?.readInt16BE(2) === COMMIT;
        if (isCommit) found.push(...(undecided.get(producerId) ?? []).map(digest));
        undecided.delete(producerId);
      } else if (transactional) undecided.set(producerId, [...(undecided.get(producerId) ?? []), ...asked]);
      else found.push(...asked.map(digest));
    }
    if (enough()) break;
  }
  const first = firstOf(undecided);
  return found
    .filter(({ offset }) => offset < first)
    .sort((a, b) => a.offset - b.offset)
    .slice(0, most);
}

function firstOf(undecided: ReadonlyMap<bigint, readonly DecodedRecord[]>): number {
  const offsets = [...undecided.values()].flatMap((records) => records[0]?.offset ?? []);
  return Math.min(Number.POSITIVE_INFINITY, ...offsets);
}

/** Of everything that a consumer sees but the offset. */
function digest({ offset, timestamp, key, value, headers }: DecodedRecord): RecordDigest {
  const hash = createHash('sha256').update(String(timestamp));
  for (const part of [key, value, ...headers.flatMap(([name, content]) => [Buffer.from(name), content])]) {
    hash.update(part === null ? '\n-' : `\n${part.length} `).update(part ?? '');
  }
  return { offset, digest: hash.digest('base64url') };
}
