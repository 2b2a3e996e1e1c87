/** How many inputs of each kind are tried: 1,000 in `npm test`, 10,000 in `npm test -- mutation`. */
export const INPUTS = Number(process.env.MUTATIONS ?? '1000');
/** Printed by the tests; the same seed tries the same inputs. */
export const SEED = Number(process.env.MUTATION_SEED ?? Math.floor(Math.random() * 2 ** 31));
