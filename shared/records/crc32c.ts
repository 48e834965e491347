/**
 * CRC-32C (Castagnoli), the checksum of record batches. WebAssembly, so that it needs no native addon in a bundle;
 * bundles replace the package by its `bundled` form, which carries the code inside.
 */
export { crc32c } from '@platformatic/wasm-utils';
