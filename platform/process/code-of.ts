import { type ErrorCode, MillraceError } from '#contracts/errors.ts';

/** Returns the code under which a caught error is logged and answered; an error without one is a bug. */
export const codeOf = (error: unknown): ErrorCode =>
  error instanceof MillraceError ? error.code : 'internal';
