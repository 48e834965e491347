/** CRC-32C (Castagnoli), the checksum of record batches. WebAssembly, so that it needs no native addon in a bundle. */
export { crc32c } from '@platformatic/wasm-utils/bundled';
