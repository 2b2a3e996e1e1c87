import { DAY, HOUR, MINUTE, SECOND } from '#contracts/text/duration.ts';

/** Epoch ms as ISO 8601 in UTC with milliseconds, after Howard Hinnant's civil_from_days; needs no Date. */
export function isoTime(ms: number): string {
  const days = Math.floor(ms / DAY) + 719_468;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const rest = ms - Math.floor(ms / DAY) * DAY;
  const time = [rest / HOUR, (rest / MINUTE) % 60, (rest / SECOND) % 60].map((part) =>
    pad(Math.floor(part), 2),
  );
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${time.join(':')}.${pad(rest % 1_000, 3)}Z`;
}

const pad = (value: number, width: number): string => String(value).padStart(width, '0');
