import type { ErrorCode } from '../errors.ts';
import type { Schema } from './schema.ts';

/**
 * An error code from another process. A newer process may send codes that this version does not list: they are passed
 * on as they are, so any text is accepted.
 */
const CODE = { type: 'string' } as { readonly type: 'string'; readonly const: ErrorCode };

/** What was refused and why, as it travels. */
export const FAULT = {
  type: 'object',
  required: ['code', 'message'],
  properties: {
    code: CODE,
    field: { type: 'string' },
    message: { type: 'string' },
    after: { type: 'number', minimum: 0, maximum: Number.MAX_VALUE },
  },
} as const satisfies Schema;
