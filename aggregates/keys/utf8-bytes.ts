/** Allocating for each text costs ten times its encoding; longer texts are rare. */
const SCRATCH = new Uint8Array(3 * 1_024);

/**
 * The UTF-8 bytes of a text, valid until the next call. In plain code: hashes need them, and nothing of the platform
 * belongs here. Lone surrogates become U+FFFD, as in every encoder.
 */
export function utf8Bytes(text: string): Uint8Array {
  const out = text.length * 3 <= SCRATCH.length ? SCRATCH : new Uint8Array(text.length * 3);
  let end = 0;
  for (let i = 0; i < text.length; i++) {
    let point = text.charCodeAt(i);
    if (point < 0x80) {
      out[end++] = point;
      continue;
    }
    if (point >= 0xd800 && point < 0xe000) {
      const low = text.charCodeAt(i + 1);
      if (point < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
        point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
        i += 1;
      } else point = 0xfffd;
    }
    if (point < 0x800) out[end++] = 0xc0 | (point >> 6);
    else {
      if (point < 0x10000) out[end++] = 0xe0 | (point >> 12);
      else {
        out[end++] = 0xf0 | (point >> 18);
        out[end++] = 0x80 | ((point >> 12) & 63);
      }
      out[end++] = 0x80 | ((point >> 6) & 63);
    }
    out[end++] = 0x80 | (point & 63);
  }
  return out.subarray(0, end);
}
