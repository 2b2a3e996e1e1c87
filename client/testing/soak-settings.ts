/** How many histories of faults are tried: 200 in `npm test`, 3,000 in `npm test -- soak`. */
export const HISTORIES = Number(process.env.SOAK_HISTORIES ?? '200');
/** Printed by the test; the same seed tries the same histories. */
export const SEED = Number(process.env.SOAK_SEED ?? Math.floor(Math.random() * 2 ** 31));
