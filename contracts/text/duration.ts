import { found, ok, type Result, refuse } from '../errors.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
/** A day of 24 hours; days of a calendar may differ. */
export const DAY = 24 * HOUR;

const UNITS = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY } as const;
const ORDER = ['d', 'h', 'm', 's', 'ms'] as const;

/** Reads `500ms`, `10s`, `1m`, `2h`, `30d` into milliseconds; whole and positive only. */
export function parseDuration(value: unknown, field: string): Result<number> {
  const match = typeof value === 'string' ? /^(\d{1,9})(ms|s|m|h|d)$/.exec(value) : null;
  const duration = match ? Number(match[1]) * UNITS[match[2] as keyof typeof UNITS] : 0;
  if (duration > 0 && Number.isSafeInteger(duration)) return ok(duration);
  return refuse(
    'out_of_range',
    `${field}: expected a duration such as "10s", "1m", "2h" or "30d", ${found(value)}.`,
    field,
  );
}

/** The shortest text that `parseDuration` reads back to the same milliseconds. */
export function formatDuration(ms: number): string {
  const unit = ORDER.find((u) => ms % UNITS[u] === 0) ?? 'ms';
  return `${ms / UNITS[unit]}${unit}`;
}
