import { type ErrorCode, MillraceError } from '#contracts/errors.ts';

/** The code that a caught error is logged and answered under; what has none is a bug. */
export const codeOf = (error: unknown): ErrorCode =>
  error instanceof MillraceError ? error.code : 'internal';
