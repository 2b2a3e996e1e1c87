import { DAY, HOUR, MINUTE } from '#contracts/text/duration.ts';

/** An age in words: `0.3 s`, `41 s`, `3 min`, `2 h`, `4 d`. Negative ages (a clock slightly ahead) read as 0.0 s. */
export function formatAge(ms: number): string {
  const age = Math.max(0, ms);
  if (age < 9_950) return `${(age / 1_000).toFixed(1)} s`;
  if (age < MINUTE) return `${Math.round(age / 1_000)} s`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min`;
  if (age < 2 * DAY) return `${Math.floor(age / HOUR)} h`;
  return `${Math.floor(age / DAY)} d`;
}

/** A length of time to the second: `12 s`, `2 min 10 s`, `1 h 5 min`, `1 y`. */
export function formatSpan(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1_000));
  if (s < 60) return `${s} s`;
  if (s < 3_600) return s % 60 === 0 ? `${s / 60} min` : `${Math.floor(s / 60)} min ${s % 60} s`;
  const minutes = Math.floor(s / 60);
  if (minutes < 1_440)
    return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = Math.floor(minutes / 60);
  if (hours % 8_760 === 0) return `${hours / 8_760} y`;
  return hours % 24 === 0 ? `${hours / 24} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A measured delay: whole `ms` below 1,000, then `s` with two decimals. */
export function formatDelay(ms: number): string {
  return ms < 999.5 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}
