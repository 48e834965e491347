import type { EncodedRecord, RawRecord } from './record.ts';
import { StructReader, StructWriter } from './struct.ts';

/**
 * A sign of life of a flow, written to `heartbeats` on its target and copied on from there by every flow that reads
 * that cluster.
 */
export interface Heartbeat {
  readonly sourceClusterAlias: string;
  readonly targetClusterAlias: string;
  /** When it was made, ms since the epoch. */
  readonly timestamp: number;
}

const KEY = { kind: 'heartbeat', part: 'key' } as const;
const VALUE = { kind: 'heartbeat', part: 'value' } as const;
const VERSION = 0;

/**
 * For partition 0 of `heartbeats`, with `timestamp` as the record's timestamp.
 * @throws UnwritableMirrorRecordError
 */
export function encodeHeartbeat({ sourceClusterAlias, targetClusterAlias, timestamp }: Heartbeat): EncodedRecord {
  return {
    key: new StructWriter(KEY)
      .string('sourceClusterAlias', sourceClusterAlias)
      .string('targetClusterAlias', targetClusterAlias)
      .bytes(),
    value: new StructWriter(VALUE).int16(VERSION).int64(timestamp).bytes(),
  };
}

/** @throws MalformedMirrorRecordError */
export function decodeHeartbeat(record: RawRecord): Heartbeat {
  const value = new StructReader(VALUE, record.value);
  value.version(VERSION);
  const timestamp = value.int64('timestamp');
  const key = new StructReader(KEY, record.key);
  return {
    sourceClusterAlias: key.string('sourceClusterAlias'),
    targetClusterAlias: key.string('targetClusterAlias'),
    timestamp,
  };
}
