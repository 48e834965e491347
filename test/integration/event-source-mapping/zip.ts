import { crc32 } from 'node:zlib';

/** A zip archive of one uncompressed file, as `CreateFunction` takes it. Layout: PKWARE APPNOTE 4.3. */
export function zipOf(name: string, content: string): Uint8Array {
  const path = Buffer.from(name);
  const data = Buffer.from(content);
  const described = Buffer.alloc(26);
  described.writeUInt16LE(20, 0); // version needed
  described.writeUInt32LE(crc32(data), 10);
  described.writeUInt32LE(data.length, 14);
  described.writeUInt32LE(data.length, 18);
  described.writeUInt16LE(path.length, 22);

  const local = Buffer.concat([Buffer.from('PK\x03\x04'), described, path, data]);
  const madeBy = Buffer.from([20, 0]);
  const attributes = Buffer.alloc(14); // comment length, disk, attributes, offset 0 of the local header
  const central = Buffer.concat([Buffer.from('PK\x01\x02'), madeBy, described, attributes, path]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, Buffer.from('PK\x05\x06'), end]);
}
