import { judge } from '../schema/judge.ts';
import type { Schema } from '../schema/schema.ts';

/** Characters of a dotted path: five names of the usual limit, one inside the other. */
export const MAX_PATH = 1_000;

/** A property that a definition may name: any text that an event's properties can have as a path, within bounds. */
export const PATH = {
  type: 'string',
  minLength: 1,
  characters: MAX_PATH,
} as const satisfies Schema;

export const isPropertyPath = (value: unknown): value is string => judge(PATH, value) === null;
