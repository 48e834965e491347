import kafkajs from 'kafkajs';
import { expect, test } from 'vitest';
import { offerCodecs } from '../../../../shared/client/kafkajs/codecs.ts';

const { CompressionCodecs, CompressionTypes } = kafkajs;

test('codecs are given to kafkajs where it has none, and an application’s own stay', async () => {
  const own = () => ({ decompress: async () => Buffer.from('own') });
  CompressionCodecs[CompressionTypes.LZ4] = own;
  const gzip = CompressionCodecs[CompressionTypes.GZIP];

  offerCodecs();

  expect(CompressionCodecs[CompressionTypes.LZ4]).toBe(own);
  expect(CompressionCodecs[CompressionTypes.GZIP]).toBe(gzip);
  for (const type of [CompressionTypes.Snappy, CompressionTypes.ZSTD] as const) {
    const codec = CompressionCodecs[type]();
    const packed: Buffer = await codec.compress({ buffer: Buffer.from('checkpoint '.repeat(20)) });
    expect(packed.length).toBeLessThan(100);
    expect(String(await codec.decompress(packed))).toBe('checkpoint '.repeat(20));
  }
});
