import kafkajs from 'kafkajs';
import type { CodecName } from '../../records/codec.ts';

const { CompressionCodecs, CompressionTypes } = kafkajs;

const NAMES = { Snappy: 'snappy', LZ4: 'lz4', ZSTD: 'zstd' } as const satisfies Record<string, CodecName>;

/**
 * Lets kafkajs read snappy, lz4 and zstd, which it only has places for: a checkpoints topic may be compressed by any of
 * them. What the application has put there stays. The codecs are loaded when they are first needed: zstd wants a Node
 * that has it.
 */
export function offerCodecs(): void {
  for (const [type, name] of [
    [CompressionTypes.Snappy, NAMES.Snappy],
    [CompressionTypes.LZ4, NAMES.LZ4],
    [CompressionTypes.ZSTD, NAMES.ZSTD],
  ] as const)
    if (isMissing(CompressionCodecs[type])) CompressionCodecs[type] = () => codec(name);
}

/** kafkajs has a function in each place, which throws where there is no codec. */
function isMissing(make: () => unknown): boolean {
  try {
    make();
    return false;
  } catch {
    return true;
  }
}

function codec(name: CodecName) {
  const load = async () => (await import('../../records/codec.ts')).codecs[name];
  return {
    compress: async (encoder: { readonly buffer: Buffer }) => (await load()).compress(encoder.buffer),
    decompress: async (data: Buffer) => (await load()).decompress(data),
  };
}
