import { judge } from './judge.ts';
import type { Schema, Static } from './schema.ts';

/** Whether a value is what the schema says, where no words are needed for what it is not. */
export const fits = <const S extends Schema>(schema: S, value: unknown): value is Static<S> =>
  judge(schema, value) === null;
