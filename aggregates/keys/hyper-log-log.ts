/** HyperLogLog with 2^14 registers; index and rank come from two independent 32-bit hashes. */
export const REGISTERS = 1 << 14;
/** Ranks go from 1 to Q + 1. */
const Q = 31;
/** What a register may hold: no rank, or one. */
const LEVELS = Q + 2;

export const registerOf = (first: number): number => first >>> 18;

/** One more than the trailing zeros, at most 32. */
export const rankOf = (second: number): number =>
  second === 0 ? Q + 1 : Math.min(31 - Math.clz32(second & -second), Q) + 1;

export const registerSql = (first: string): string => `bitShiftRight(${first}, 18)`;
/** `x xor (x − 1)` has one bit for each trailing zero, and one more. */
export const rankSql = (second: string): string =>
  `toUInt64(bitCount(toUInt32(bitAnd(bitXor(toInt64(${second}), toInt64(${second}) - 1), 4294967295))))`;

/** How many registers hold each of 0 to Q + 1: all that the estimate depends on. */
export function countRegisters(registers: Uint8Array): number[] {
  const histogram = new Array<number>(LEVELS).fill(0);
  for (const rank of registers) histogram[rank] = histogram[rank]! + 1;
  return histogram;
}

/** `countRegisters` of an array expression of ClickHouse, as an expression each. A lambda over the levels would copy the registers for each. */
export const countRegistersSql = (registers: string): string[] =>
  Array.from({ length: LEVELS }, (_, rank) => `countEqual(${registers}, ${rank})`);

/**
 * The estimate of Otmar Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), algorithm 6, of
 * `countRegisters`: without bias tables, over the whole range. Standard error 1.04/√16384 = 0.81 %.
 */
export function estimate(histogram: readonly number[]): number {
  let z = REGISTERS * tau(1 - histogram[Q + 1]! / REGISTERS);
  for (let rank = Q; rank >= 1; rank--) z = 0.5 * (z + histogram[rank]!);
  z += REGISTERS * sigma(histogram[0]! / REGISTERS);
  return (REGISTERS * REGISTERS) / (2 * Math.LN2 * z);
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
