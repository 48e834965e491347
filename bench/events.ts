const LAMBDA_PAYLOAD_BYTES = 6_000_000;
const LARGEST_BATCH = 10_000;
const STATES = ['created', 'paid', 'packed', 'shipped', 'delivered', 'returned'];

/**
 * What the values are made of:
 * - `letters`: windows of one random text, each moved on by 37 bytes from the one before; what the first measurements
 *   and the bars stand on. Large values repeat most of their neighbour, so compression is nearly free;
 * - `orders`: JSON of which half varies, as applications write it (lz4 packs it to 40-57 %).
 */
export type ValueKind = 'letters' | 'orders';

export interface EventText {
  readonly text: string;
  readonly records: number;
}

/**
 * Texts of Lambda events as an event source mapping sends them, without end: up to 10,000 records or 6 MB, offsets going
 * on from one event to the next, values of exactly `sizeBytes`, the same in every run.
 */
export function* eventTexts(topic: string, sizeBytes: number, kind: ValueKind): Generator<EventText, never> {
  const makeValue = values[kind](sizeBytes, generator(42));
  for (let offset = 0; ; ) {
    const parts: string[] = [];
    for (let bytes = 0; parts.length < LARGEST_BATCH; ) {
      const at = offset + parts.length;
      const text = JSON.stringify(recordOf(topic, at, makeValue(at)));
      bytes += text.length + 1;
      if (bytes > LAMBDA_PAYLOAD_BYTES) break;
      parts.push(text);
    }
    const text =
      `{"eventSource":"aws:kafka","eventSourceArn":"arn:aws:kafka:us-east-1:000000000000:cluster/us-east/1",` +
      `"bootstrapServers":"b-1:9098","records":{"${topic}-0":[${parts.join(',')}]}}`;
    offset += parts.length;
    yield { text: asReceived(text), records: parts.length };
  }
}

/** One flat string, as Lambda's runtime decodes it from the wire; a concatenation would be flattened on our bill. */
function asReceived(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

function recordOf(topic: string, offset: number, value: Buffer) {
  return {
    topic,
    partition: 0,
    offset,
    timestamp: Date.now(),
    timestampType: 'CREATE_TIME',
    key: Buffer.from(`key-${offset}`).toString('base64'),
    value: value.toString('base64'),
    headers: [{ a: [...Buffer.from('xy')] }],
  };
}

type MakeValue = (offset: number) => Buffer;

const values: Readonly<Record<ValueKind, (sizeBytes: number, random: () => number) => MakeValue>> = {
  letters(sizeBytes, random) {
    const letters = Buffer.from(Array.from({ length: sizeBytes * 64 }, () => 97 + Math.floor(random() * 26)));
    return (offset) => {
      const from = (offset * 37) % (letters.length - sizeBytes);
      return letters.subarray(from, from + sizeBytes);
    };
  },
  orders(sizeBytes, random) {
    return (offset) => Buffer.from(orderJson(offset, sizeBytes, random));
  },
};

function orderJson(offset: number, sizeBytes: number, random: () => number): string {
  let text = `{"order":${offset},"state":"${STATES[Math.floor(random() * STATES.length)]}"`;
  for (let item = 0; text.length < sizeBytes; item++) {
    const sku = Math.floor(random() * 0xffffffff).toString(36);
    text += `,"sku${item}":"${sku}","price${item}":${Math.floor(random() * 100_000) / 100}`;
  }
  return text.slice(0, sizeBytes);
}

/** xorshift32: the same values in every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x100000000;
  };
}
