import fc from 'fast-check';
import { expect } from 'vitest';
import { readAs } from '../read-as.ts';
import type { Schema } from '../schema.ts';
import { damagesOf, valuesOf } from './values-of.ts';

/** What every schema keeps: what it takes is read as it is, and any single damage is refused by a text that names its place. */
export function checkReadLaws(schema: Schema, numRuns = 200): void {
  const reading = { code: 'wrong_type', at: 'it' } as const;
  fc.assert(
    fc.property(valuesOf(schema), (value) => {
      const read = readAs(schema, value, reading);
      expect(read).toEqual({ ok: true, value });
      for (const { value: damaged, field } of damagesOf(schema, value)) {
        const refused = readAs(schema, damaged, reading);
        if (refused.ok) throw new Error(`${field} was damaged, and is read.`);
        // A misfit that is reported for a value as a whole has the place of that value.
        const told = refused.fault.field ?? '';
        expect(`it.${field}.`.startsWith(`${told}.`), `${told} in place of ${field}`).toBe(true);
        expect(refused.fault.message).toContain(told);
      }
    }),
    { numRuns },
  );
}
