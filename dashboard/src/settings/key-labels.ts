import type { KeyEntry } from '../app/api.ts';
import type { Formats } from '../format/formats.ts';

/** A use that is younger is now: gateways tell each other once a minute, ms. */
const JUST_NOW = 120_000;
/** Uses that are younger have a time of day, ms. */
const RECENT = 12 * 3_600_000;

/** When a key was last used: `now`, `at 14:02`, `not since 3 Nov`, `never`; a dash where that is not known. */
export function lastUseLabel(
  { lastUsed }: Pick<KeyEntry, 'lastUsed'>,
  { now, formats }: { now: number; formats: Formats },
): string {
  if (lastUsed === undefined) return '–';
  if (lastUsed === null) return 'never';
  const age = now - lastUsed;
  if (age < JUST_NOW) return 'now';
  return age < RECENT
    ? `at ${formats.moment(lastUsed, now, 'minute')}`
    : `not since ${age > 300 * 86_400_000 ? formats.date(lastUsed) : formats.day(lastUsed)}`;
}

/** When a key ends: `never`, a date, or that it has expired. */
export function expiryLabel(
  { expires }: Pick<KeyEntry, 'expires'>,
  { now, formats }: { now: number; formats: Formats },
): string {
  if (expires === null) return 'never';
  return expires <= now ? `expired ${formats.date(expires)}` : formats.date(expires);
}
