/** Bytes that padded base64 `text` stands for, or -1 when its length cannot be base64. */
export function decodedLength(text: string): number {
  const length = text.length;
  if (length === 0) return 0;
  if ((length & 3) !== 0) return -1;
  const padding = text.charCodeAt(length - 1) !== PAD ? 0 : text.charCodeAt(length - 2) !== PAD ? 1 : 2;
  return (length >> 2) * 3 - padding;
}

/**
 * Decodes `text` into `out` at `at`. `bytes` is its `decodedLength`.
 * @returns false when `text` holds a character that base64 has not; what was written is then undefined
 */
export function writeBase64(out: Buffer, at: number, text: string, bytes: number): boolean {
  if (text.length > SHORT_TEXT) return out.write(text, at, bytes, 'base64') === bytes;
  let seen = 0;
  let from = 0;
  for (let last = at + bytes - 3; at <= last; at += 3, from += 4) {
    const group = sextets(text, from);
    seen |= group;
    out[at] = group >> 16;
    out[at + 1] = group >> 8;
    out[at + 2] = group;
  }
  if (from < text.length) {
    const rest = text.length - from === 4 ? partialGroup(text, from) : -1;
    seen |= rest;
    out[at] = rest >> 16;
    if (text.charCodeAt(from + 2) !== PAD) out[at + 1] = rest >> 8;
  }
  return seen >= 0;
}

/** Below this many characters a loop is faster than a call into Buffer's native decoder (Node 24: 35 ns against 69 ns). */
const SHORT_TEXT = 24;
const PAD = 61;

const values = new Int32Array(256).fill(-1);
for (const [value, character] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  values[character.charCodeAt(0)] = value;
}

/** Four characters as 24 bits; negative when one of them is not base64. */
function sextets(text: string, from: number): number {
  return (
    (sextet(text, from) << 18) | (sextet(text, from + 1) << 12) | (sextet(text, from + 2) << 6) | sextet(text, from + 3)
  );
}

function partialGroup(text: string, from: number): number {
  const third = text.charCodeAt(from + 2) === PAD ? 0 : sextet(text, from + 2);
  return (sextet(text, from) << 18) | (sextet(text, from + 1) << 12) | (third << 6);
}

function sextet(text: string, at: number): number {
  return values[text.charCodeAt(at)] ?? -1;
}
