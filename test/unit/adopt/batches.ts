import type { BatchHeader, DecodedBatch, DecodedRecord } from '../../../shared/records/decode.ts';

/** A batch of one record, of no producer and no transaction unless `header` says so. */
export function batch(offset: number, header: Partial<BatchHeader>, record: Partial<DecodedRecord> = {}): DecodedBatch {
  return {
    header: {
      ...{ baseOffset: offset, lastOffset: offset, leaderEpoch: 0, sizeBytes: 0, magic: 2, attributes: 0 },
      ...{ logAppendTime: false, transactional: false, control: false, baseTimestamp: 1, maxTimestamp: 1 },
      ...{ producerId: -1n, producerEpoch: 0, baseSequence: 0, recordCount: 1 },
      ...header,
    },
    records: [
      { offset, timestamp: 1, key: Buffer.from(`k${offset}`), value: Buffer.from('v'), headers: [], ...record },
    ],
  };
}

/** A record of a transaction. */
export function transactional(offset: number, producerId: bigint): DecodedBatch {
  return batch(offset, { producerId, transactional: true });
}

export function marker(offset: number, producerId: bigint, type: 'abort' | 'commit'): DecodedBatch {
  const key = Buffer.from([0, 0, 0, type === 'commit' ? 1 : 0]);
  return batch(offset, { producerId, transactional: true, control: true }, { key });
}
