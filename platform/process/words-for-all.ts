import { ERRORS, MillraceError } from '#contracts/errors.ts';
import { codeOf } from './code-of.ts';

/**
 * What any caller may see of an error: Millrace's own words. Those of an engine, a broker or the system may hold
 * names, addresses and statements that not every caller may see; they are in the log, under the same code.
 */
export function wordsForAll(error: unknown): string {
  if (error instanceof MillraceError && error.cause === undefined) return error.message;
  return `${ERRORS[codeOf(error)].title}; the log has the details.`;
}
