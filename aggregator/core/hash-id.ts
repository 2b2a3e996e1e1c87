/** Two 32-bit lanes that stand for (key, id); equal lanes are taken for equal ids (odds below 1e-7 at a million live ids). */
export interface IdHash {
  a: number;
  b: number;
}

const SEED_A = 0xdeadbeef;
const SEED_B = 0x41c6ce57;

/** cyrb53's two multiply lanes and final mix (bryc, public domain), over key, a separator that no text holds, and id. */
export function hashId(key: string | null, id: string): IdHash {
  let a = SEED_A;
  let b = SEED_B;
  if (key !== null) {
    for (let i = 0; i < key.length; i++) {
      const unit = key.charCodeAt(i);
      a = Math.imul(a ^ unit, 0x9e3779b1);
      b = Math.imul(b ^ unit, 0x5f356495);
    }
    // Above every UTF-16 unit, so that ("a", "b") and (null, "ab") differ.
    a = Math.imul(a ^ 0x10000, 0x9e3779b1);
    b = Math.imul(b ^ 0x10000, 0x5f356495);
  }
  for (let i = 0; i < id.length; i++) {
    const unit = id.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    b = Math.imul(b ^ unit, 0x5f356495);
  }
  return { a: finish(a, b), b: finish(b, a) };
}

const finish = (own: number, other: number): number =>
  (Math.imul(own ^ (own >>> 16), 0x85ebca6b) ^ Math.imul(other ^ (other >>> 13), 0xc2b2ae35)) >>> 0;
