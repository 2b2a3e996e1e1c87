import { MillraceError } from '#contracts/errors.ts';

const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** Turns system errors of reading or writing files into `disk_full` or `backup_interrupted`; others stay as they are. */
export function explainSystem(error: unknown, what: string): unknown {
  if (error instanceof MillraceError || !(error instanceof Error) || !('syscall' in error)) return error;
  const isFull = FULL.includes((error as NodeJS.ErrnoException).code ?? '');
  const message = `${what} did not finish, and nothing is left of it: ${error.message}.`;
  return new MillraceError({ code: isFull ? 'disk_full' : 'backup_interrupted', message }, { cause: error });
}
