import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import { MalformedMirrorRecordError, MirrorRecordFault } from './errors.ts';
import type { RawRecord } from './record.ts';

const partition = z.int().min(0).max(0x7fffffff);

/**
 * What Kafka Connect keeps an offset for, by connector of MirrorMaker 2. Kafka Connect finds an offset by the bytes of
 * its key, so the members stand here as Java's HashMap orders them. Other members make it another connector's.
 */
const partitionSchemas = {
  source: z.strictObject({ cluster: z.string(), partition, topic: z.string() }),
  checkpoint: z.strictObject({ partition, topic: z.string(), group: z.string() }),
  heartbeat: z.strictObject({ sourceClusterAlias: z.string(), targetClusterAlias: z.string() }),
} as const;

const keySchema = z.tuple([z.string(), z.record(z.string(), z.unknown())]);
const valueSchema = z.object({ offset: z.int().min(0).nullish() }).nullable();

/** A partition of the source topic `topic` of the cluster `cluster`. */
export type SourcePartition = z.infer<typeof partitionSchemas.source>;

interface ConnectOffsetOf<K extends keyof typeof partitionSchemas> {
  readonly kind: K;
  /** Name of the connector: `MirrorSourceConnector` for example, `A->B.MirrorSourceConnector` under Strimzi. */
  readonly connector: string;
  readonly partition: Readonly<z.infer<(typeof partitionSchemas)[K]>>;
  /** `source`: offset of the last record copied. The other kinds have 0, which means nothing. null: forgotten. */
  readonly offset: number | null;
}

/** A record of `mm2-offsets.<alias>.internal`: how far Kafka Connect knows a connector of MirrorMaker 2 to be. */
export type ConnectOffset = ConnectOffsetOf<'source'> | ConnectOffsetOf<'checkpoint'> | ConnectOffsetOf<'heartbeat'>;

/** Byte for byte as Kafka Connect writes it, without schemas. An offset of null is a tombstone. */
export function encodeConnectOffset({ connector, kind, partition, offset }: ConnectOffset): RawRecord {
  const inOrder = partitionSchemas[kind].parse(partition);
  return {
    key: Buffer.from(connectJson([connector, inOrder])),
    value: offset === null ? null : Buffer.from(connectJson({ offset })),
  };
}

/**
 * Takes the members in any order.
 * @throws MalformedMirrorRecordError also for the offset of a connector that is not MirrorMaker 2's
 */
export function decodeConnectOffset(record: RawRecord): ConnectOffset {
  if (record.key === null) throw malformed(MirrorRecordFault.noKey, 'key', 'is null');
  const key = keySchema.safeParse(parseJson('key', record.key));
  if (!key.success) throw malformed(MirrorRecordFault.json, 'key', 'is no list of a connector and its partition');
  const [connector, of] = key.data;
  const offset = decodeValue(record.value);
  const source = partitionSchemas.source.safeParse(of);
  if (source.success) return { kind: 'source', connector, partition: source.data, offset };
  const checkpoint = partitionSchemas.checkpoint.safeParse(of);
  if (checkpoint.success) return { kind: 'checkpoint', connector, partition: checkpoint.data, offset };
  const heartbeat = partitionSchemas.heartbeat.safeParse(of);
  if (heartbeat.success) return { kind: 'heartbeat', connector, partition: heartbeat.data, offset };
  throw malformed(MirrorRecordFault.json, 'key', `is of another connector: ${JSON.stringify(key.data)}`);
}

function decodeValue(bytes: Buffer | null): number | null {
  if (bytes === null) return null;
  const value = valueSchema.safeParse(parseJson('value', bytes));
  if (!value.success)
    throw malformed(
      MirrorRecordFault.json,
      'value',
      `is ${bytes.toString('utf8')}; expected {"offset": 0 to 2^53 - 1}`,
    );
  return value.data?.offset ?? null;
}

function parseJson(part: 'key' | 'value', bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw malformed(MirrorRecordFault.text, part, 'is not UTF-8');
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw malformed(MirrorRecordFault.json, part, 'is not JSON');
  }
}

/**
 * As the JSON writer of Kafka Connect does it: capital digits in escapes, and characters beyond U+FFFF escaped. (An
 * escaped backslash is matched too, so that what follows it is not taken for an escape.)
 */
function connectJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll(/\\(?:u([0-9a-f]{4})|.)/g, (escaped, digits: string | undefined) =>
      digits === undefined ? escaped : unicodeEscape(digits),
    )
    .replaceAll(/[\u{10000}-\u{10ffff}]/gu, (character) =>
      [0, 1].map((half) => unicodeEscape(character.charCodeAt(half).toString(16))).join(''),
    );
}

function unicodeEscape(digits: string): string {
  return `\\u${digits.toUpperCase()}`;
}

function malformed(fault: MirrorRecordFault, place: string, found: string): MalformedMirrorRecordError {
  return new MalformedMirrorRecordError('Connect source offset', fault, place, found);
}
