import type { TraceSet } from './trace.ts';

/** Younger than this the signal colour is due. */
const YOUNG = 2_000;
/** What changes more often than so is always young: only a change after it is news. */
const STILL = 2 * YOUNG;

/** Whether something that happened at `time` is younger than two seconds; 0 is never. */
export const isYoung = (time: number, now: number): boolean => time > 0 && now - time < YOUNG;

/** Whether a row that stood still for a while has just changed. A row that never stands still has no signal: it would be on always. */
export const isNews = ({ changed, still }: { changed: number; still: number }, now: number): boolean =>
  still >= STILL && isYoung(changed, now);

/** Whether rows that are younger than two seconds stand out: not where most of the `room` rows in sight are that young. */
export const standOut = (arrivals: readonly number[], room: number, now: number): boolean =>
  2 * arrivals.filter((time) => isYoung(time, now)).length <= room;

/** When a window of `window` ms that was closed and drawn at `time` is still news: not where the next follows at once. */
export const isFresh = (time: number, window: number, now: number): boolean =>
  window >= STILL && isYoung(time, now);

/** Whether any of the windows [from, to) brings a value: time that goes by without one is no news. */
export function hasValues(data: TraceSet, from: number, to: number): boolean {
  for (let i = Math.max(data.first, from); i < to; i++)
    if (data.traces.some((trace) => !Number.isNaN(data.value(trace, i)))) return true;
  return false;
}
