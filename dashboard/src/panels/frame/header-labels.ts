import { momentWords, windowAt } from '../../charts/draw/reading.ts';
import type { ChartKind } from '../../charts/trace/chart-kind.ts';
import { formatAge, formatSpan } from '../../format/format-duration.ts';
import { formatValue } from '../../format/format-number.ts';

/** What the tail has shown and left out, and when it last showed something (local time; 0 for never). */
export interface TailFacts {
  shown: number;
  skipped: number;
  at: number;
}

/** Behind the title of a tail: `1,204 /s · 1 in 64 shown`. */
export function tailWords({ shown, skipped }: TailFacts, rate: number | null): string {
  if (rate === null) return '';
  const part = skipped > 0 && shown > 0 ? ` · 1 in ${Math.round((shown + skipped) / shown)} shown` : '';
  return `${formatValue(Math.round(rate))} /s${part}`;
}

/** The age of what is shown, where it says enough by itself. */
export const ageWords = (time: number | null, now: number): string =>
  time === null ? '' : formatAge(now - time);

/** The time that a panel reads: `at 14:00:31`, or `14:00:30–14:01:00` of a bar, and how long ago that is. */
export function readWords(
  { kind, window }: { kind: ChartKind; window: number },
  time: number,
  now: number,
): { moment: string; ago: string } {
  const moment = momentWords(kind, window, time, now);
  const end = (windowAt(window, time) + 1) * window;
  return { moment: kind === 'bars' ? moment : `at ${moment}`, ago: `${formatSpan(now - end)} ago` };
}

/** From this length on a window is open long enough to say when it closes. */
const LONG = 60_000;

/** That what is shown is not final: `closes in 12 s` where one waits for it, else `open window`. */
export function openWords(window: number, now: number): string {
  const left = Math.ceil(now / window) * window - now;
  return window >= LONG && left >= 1_000 ? `closes in ${formatSpan(left)}` : 'open window';
}
