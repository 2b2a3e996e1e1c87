import { type Result, refuse, shown } from './errors.ts';
import { readAs } from './schema/read-as.ts';
import type { Schema } from './schema/schema.ts';

/** The id of a metric, board or panel. */
export const ID = {
  type: 'string',
  pattern: '^[a-z][a-z0-9_.\\-]{0,99}$',
  expected: 'lower-case letters, digits, "_", "-" or ".", starting with a letter, at most 100',
  examples: ['orders', 'checkout_latency', 'shop.2-eu'],
} as const satisfies Schema;

/** The id that a definition may repeat. */
export const OWN_ID = {
  type: 'string',
  expected: 'the id that the address says',
  description: 'Optional, since the address contains it',
} as const satisfies Schema;

/** The id of a definition, which its address says; what it says itself must be the same. */
export function checkId(id: string, own: string | undefined): Result<string> {
  const read = readAs(ID, id, { code: 'invalid_definition', at: 'id' });
  if (!read.ok || own === undefined || own === id) return read;
  return refuse(
    'invalid_definition',
    `id: the address says ${shown(id)}, the definition ${shown(own)}.`,
    'id',
  );
}
