/**
 * Log-linear bins of a double: the top 18 bits of its IEEE 754 form (sign, 11 of exponent, 6 of mantissa), after
 * DDSketch (Masson, Rim, Lee 2019) with the mantissa in place of a logarithm.
 */
const SIGN = 0x20000;
const SCRATCH = new DataView(new ArrayBuffer(8));

/** -0 falls into the bin of 0. */
export function binOf(value: number): number {
  SCRATCH.setFloat64(0, value + 0);
  return SCRATCH.getUint32(0) >>> 14;
}

/**
 * What a bin's values are read as: 2·lo·hi/(lo+hi), at most 1/129 (< 0.8 %) from any normal double of the bin.
 * Taken over the mantissas, so that neither end of the range overflows. Below 2^-1022 the error is absolute: 2^-1028.
 */
export function binValue(bin: number): number {
  SCRATCH.setUint32(0, (bin & (SIGN - 1)) << 14);
  SCRATCH.setUint32(4, 0);
  const low = SCRATCH.getFloat64(0);
  const mantissa = bin & 63;
  const a = (bin & (SIGN - 1)) >>> 6 === 0 ? mantissa : 64 + mantissa;
  const value = low * ((2 * (a + 1)) / (2 * a + 1));
  // The bin next to 0 is 0, without a sign, which JSON would lose.
  return bin >= SIGN ? 0 - value : value;
}

/** The order of bins by value: negatives from the largest magnitude, then positives. */
export const binOrder = (bin: number): number => (bin >= SIGN ? SIGN - 1 - bin : bin);

/** `binOrder` of a UInt32 expression of ClickHouse. */
export const binOrderSql = (bin: string): string =>
  `if(${bin} >= ${SIGN}, ${SIGN - 1} - toInt64(${bin}), toInt64(${bin}))`;

/** The bin of a Float64 expression of ClickHouse. */
export const binSql = (input: string): string =>
  `toUInt32(bitShiftRight(reinterpretAsUInt64(${input} + 0.), 46))`;

/** `binValue` of a UInt32 expression of ClickHouse, by the same steps. */
export function binValueSql(bin: string): string {
  const magnitude = `toUInt64(bitAnd(${bin}, ${SIGN - 1}))`;
  const low = `reinterpretAsFloat64(bitShiftLeft(${magnitude}, 46))`;
  const a = `(bitAnd(${bin}, 63) + if(bitShiftRight(${magnitude}, 6) = 0, 0, 64))`;
  const value = `${low} * ((2. * (${a} + 1)) / (2. * ${a} + 1))`;
  return `if(${bin} >= ${SIGN}, 0. - (${value}), ${value})`;
}
