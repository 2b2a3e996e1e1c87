/** HyperLogLog with 2^14 registers; index and rank come from two independent 32-bit hashes. */
export const REGISTERS = 1 << 14;
/** Ranks go from 1 to Q + 1. */
const Q = 31;

export const registerOf = (first: number): number => first >>> 18;

/** One more than the trailing zeros, at most 32. */
export const rankOf = (second: number): number =>
  second === 0 ? Q + 1 : Math.min(31 - Math.clz32(second & -second), Q) + 1;

export const registerSql = (first: string): string => `bitShiftRight(${first}, 18)`;
/** `x xor (x − 1)` has one bit for each trailing zero, and one more. */
export const rankSql = (second: string): string =>
  `toUInt64(bitCount(toUInt32(bitAnd(bitXor(toInt64(${second}), toInt64(${second}) - 1), 4294967295))))`;

/**
 * The estimate of Otmar Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), algorithm 6:
 * without bias tables, over the whole range. Standard error 1.04/√16384 = 0.81 %.
 */
export function estimate(registers: Uint8Array): number {
  const histogram = new Float64Array(Q + 2);
  for (const rank of registers) histogram[rank] = histogram[rank]! + 1;
  const m = registers.length;
  let z = m * tau(1 - histogram[Q + 1]! / m);
  for (let rank = Q; rank >= 1; rank--) z = 0.5 * (z + histogram[rank]!);
  z += m * sigma(histogram[0]! / m);
  return (m * m) / (2 * Math.LN2 * z);
}

function sigma(x: number): number {
  if (x === 1) return Number.POSITIVE_INFINITY;
  let [power, y, z] = [x, 1, x];
  for (let before = -1; z !== before; ) {
    power *= power;
    before = z;
    z += power * y;
    y += y;
  }
  return z;
}

function tau(x: number): number {
  if (x === 0 || x === 1) return 0;
  let [root, y, z] = [x, 1, 1 - x];
  for (let before = -1; z !== before; ) {
    root = Math.sqrt(root);
    before = z;
    y *= 0.5;
    z -= (1 - root) ** 2 * y;
  }
  return z / 3;
}
