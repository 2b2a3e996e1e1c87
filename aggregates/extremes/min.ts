import { createExtreme } from './extreme.ts';

/** The smallest value of a number. */
export const min = createExtreme('min');
