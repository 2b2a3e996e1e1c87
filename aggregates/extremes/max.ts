import { createExtreme } from './extreme.ts';

/** The largest value of a number. */
export const max = createExtreme('max');
