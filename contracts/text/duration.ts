import { ok, type Result } from '../errors.ts';
import { readAs } from '../schema/read-as.ts';
import type { Schema } from '../schema/schema.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
/** A day of 24 hours; days of a calendar may differ. */
export const DAY = 24 * HOUR;
/** 365 days: how long something is kept, not a year of the calendar. */
export const YEAR = 365 * DAY;

/** What a duration is written in. */
const UNITS = new Map([
  ['d', DAY],
  ['h', HOUR],
  ['m', MINUTE],
  ['s', SECOND],
  ['ms', 1],
]);

/** What it may also be read in. */
const LONG_UNITS = new Map([
  ['w', 7 * DAY],
  ['y', YEAR],
]);

/** `500ms`, `10s`, `1m`, `2h`, `30d`, `2w`, `3y`; whole and positive only. */
export const DURATION = {
  type: 'string',
  pattern: '^[0-9]{1,9}(ms|s|m|h|d|w|y)$',
  expected: 'a duration such as "10s", "1m", "2h" or "30d"',
  code: 'out_of_range',
  examples: ['10s', '1m', '2h', '30d', '2w', '3y'],
  test: (text: unknown) => typeof text === 'string' && isPossible(durationOf(text)),
} as const satisfies Schema;

const isPossible = (ms: number): boolean => ms > 0 && Number.isSafeInteger(ms);

/** Reads a duration into milliseconds. */
export function parseDuration(value: unknown, field: string): Result<number> {
  const read = readAs(DURATION, value, { code: 'out_of_range', at: field });
  return read.ok ? ok(durationOf(read.value)) : read;
}

/** Milliseconds of a text that `DURATION` takes. */
export function durationOf(text: string): number {
  const number = Number.parseInt(text, 10);
  const unit = text.replace(/^[0-9]+/, '');
  return number * (UNITS.get(unit) ?? LONG_UNITS.get(unit)!);
}

/** The shortest text that `parseDuration` reads back to the same milliseconds. */
export function formatDuration(ms: number): string {
  const [unit, length] = [...UNITS].find(([, of]) => ms % of === 0) ?? ['ms', 1];
  return `${ms / length}${unit}`;
}
