import { formatAge, formatDelay } from './format-duration.ts';
import { createNumberFormat, MARKS, type NumberFormat, type NumberStyle } from './format-number.ts';
import { createTimeFormat, type DateStyle, type TimeFormat } from './format-time.ts';
import { browserZone, createCalendar } from './zone-calendar.ts';

/** What a reader has chosen of how times and numbers are written. */
export interface FormatChoice {
  /** `browser`, or the name of a zone in the IANA database. */
  zone: string;
  dates: DateStyle;
  hours: 12 | 24;
  numbers: NumberStyle;
}

/** Writes every time and number of the page. There is one for a session, and what writes gets it. */
export interface Formats extends TimeFormat, NumberFormat {
  /** An age in words: `0.3 s`, `41 s`. */
  age(ms: number): string;
  /** A measured delay: `412 ms`, `1.24 s`. */
  delay(ms: number): string;
}

/** As pages are written where nothing was chosen. */
export const USUAL: FormatChoice = { zone: 'browser', dates: 'day-first', hours: 24, numbers: 'comma' };

export function createFormats({ zone, dates, hours, numbers }: FormatChoice): Formats {
  const calendar = createCalendar(zone === 'browser' ? browserZone() : zone);
  const marked = (text: string): string => text.replace('.', MARKS[numbers].decimal);
  return {
    ...createTimeFormat({ calendar, dates, hours }),
    ...createNumberFormat(numbers),
    age: (ms) => marked(formatAge(ms)),
    delay: (ms) => marked(formatDelay(ms)),
  };
}
