import { MillraceError } from '#contracts/errors.ts';

const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** What the system refused while files were read or written, as `disk_full` or `backup_interrupted`; all else stays as it is. */
export function explainSystem(error: unknown, what: string): unknown {
  if (error instanceof MillraceError || !(error instanceof Error) || !('syscall' in error)) return error;
  const isFull = FULL.includes((error as NodeJS.ErrnoException).code ?? '');
  const message = `${what} did not finish, and nothing is left of it: ${error.message}.`;
  return new MillraceError({ code: isFull ? 'disk_full' : 'backup_interrupted', message }, { cause: error });
}
