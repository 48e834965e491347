/** One header: an object with one key, the header's name, and its bytes (Java's signed bytes: -128 to 255), null kept. */
export type RecordHeader = Readonly<Record<string, readonly number[] | null>>;

/**
 * A Kafka record as Lambda's `aws:kafka` event carries it. Keys and values are base64: absent or null is Kafka's null,
 * `''` is zero bytes. Headers keep their order and their duplicates.
 */
export interface KafkaRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** ms since the epoch, -1 none */
  readonly timestamp: number;
  readonly timestampType?: string;
  readonly key?: string | null;
  readonly value?: string | null;
  readonly headers?: readonly RecordHeader[] | null;
}
