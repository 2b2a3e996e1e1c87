import { MillraceError } from '#contracts/errors.ts';
import { type LogRecord, MAX_RECORD_BYTES } from './log.ts';

/** Every adapter refuses alike: calls on a closed log (`shutting_down`), and records that not every adapter could take (`out_of_range`). */
export function checkOpen(open: boolean): void {
  if (!open) throw new MillraceError({ code: 'shutting_down', message: 'The log is closed.' });
}

export function checkSizes(records: readonly LogRecord[]): void {
  const large = records.find((r) => r.value.length > MAX_RECORD_BYTES);
  if (large === undefined) return;
  throw new MillraceError({
    code: 'out_of_range',
    message: `A record of ${large.value.length} bytes; the log takes at most ${MAX_RECORD_BYTES}.`,
    field: 'value',
  });
}
