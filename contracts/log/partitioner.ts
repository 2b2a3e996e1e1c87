/**
 * The partition of a key, as Kafka's default partitioner takes it: 32-bit murmur2 (Austin Appleby, public
 * domain; seed 0x9747b28c) over the key's UTF-8 bytes, sign bit cleared, modulo the partition count.
 */
export function partitionOf(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}

/** The same of a text's UTF-8 bytes; one array serves all short texts, since keys are hashed by the hundred thousand. */
export function partitionOfText(key: string, partitions: number): number {
  if (key.length > SHORT) return partitionOf(utf8.encode(key), partitions);
  scratch ??= new Uint8Array(SHORT * 3);
  const { written } = utf8.encodeInto(key, scratch);
  return (murmur2(scratch, written) & 0x7fffffff) % partitions;
}

const SHORT = 256;
const utf8 = new TextEncoder();
let scratch: Uint8Array | null = null;

const M = 0x5bd1e995;

export function murmur2(data: Uint8Array, length = data.length): number {
  let h = 0x9747b28c ^ length;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    let k = data[i]! | (data[i + 1]! << 8) | (data[i + 2]! << 16) | (data[i + 3]! << 24);
    k = Math.imul(k, M);
    k ^= k >>> 24;
    k = Math.imul(k, M);
    h = Math.imul(h, M) ^ k;
  }
  const rest = length - i;
  if (rest === 3) h ^= data[i + 2]! << 16;
  if (rest >= 2) h ^= data[i + 1]! << 8;
  if (rest >= 1) {
    h ^= data[i]!;
    h = Math.imul(h, M);
  }
  h ^= h >>> 13;
  h = Math.imul(h, M);
  h ^= h >>> 15;
  return h;
}
