import type { TraceSet } from './trace.ts';

/** What is younger than this has the signal colour, ms. */
const RECENT = 2_000;
/** What changes more often than this would always be recent: only a change after such a pause is news. */
const STILL = 2 * RECENT;

/** Whether something that happened at `time` is younger than two seconds; 0 is never. */
export const isRecent = (time: number, now: number): boolean => time > 0 && now - time < RECENT;

/** Whether a row that was unchanged for a while has just changed. A row that always changes has no signal: it would be on all the time. */
export const isNews = ({ changed, still }: { changed: number; still: number }, now: number): boolean =>
  still >= STILL && isRecent(changed, now);

/** Whether rows that are younger than two seconds stand out: not where most of the `room` rows in sight are that young. */
export const standOut = (arrivals: readonly number[], room: number, now: number): boolean =>
  2 * arrivals.filter((time) => isRecent(time, now)).length <= room;

/** When a window of `window` ms that was closed and drawn at `time` is still news: not where the next follows at once. */
export const isFresh = (time: number, window: number, now: number): boolean =>
  window >= STILL && isRecent(time, now);

/** Whether any of the windows [from, to) brings a value: time that passes without one is not news. */
export function hasValues(data: TraceSet, from: number, to: number): boolean {
  for (let i = Math.max(data.first, from); i < to; i++)
    if (data.traces.some((trace) => !Number.isNaN(data.value(trace, i)))) return true;
  return false;
}
