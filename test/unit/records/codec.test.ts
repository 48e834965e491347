import zlib from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { codecs } from '../../../shared/records/codec.ts';

const data = Buffer.from('checkpoint '.repeat(40));

describe('a codec', () => {
  it.each(Object.values(codecs))('$name gives back what it was given', ({ name, compress, decompress }) => {
    const packed = compress(data);

    expect(packed.length).toBeLessThan(name === 'none' ? data.length + 1 : 100);
    expect(decompress(packed)).toEqual(data);
  });
});

describe('on a Node from before 22.15', () => {
  it('zstd says which Node it needs, and the others work', async () => {
    const { zstdCompressSync: _, zstdDecompressSync: __, ...older } = zlib;
    vi.resetModules();
    vi.doMock('node:zlib', () => ({ ...older, default: older }));

    const onOlder = (await import('../../../shared/records/codec.ts')).codecs;

    for (const { compress, decompress } of [onOlder.gzip, onOlder.snappy, onOlder.lz4])
      expect(decompress(compress(data))).toEqual(data);
    const refusal = {
      code: 'CODEC_MISSING',
      message: `zstd needs Node 22.15 or newer; this is Node ${process.versions.node}`,
    };
    expect(() => onOlder.zstd.compress(data)).toThrow(expect.objectContaining(refusal));
    expect(() => onOlder.zstd.decompress(data)).toThrow(expect.objectContaining(refusal));
    vi.doUnmock('node:zlib');
    vi.resetModules();
  });
});
