import { DAY, HOUR } from '#contracts/text/duration.ts';
import type { Formats } from '../format/formats.ts';
import type { FigureRow } from '../ui/figure-row.ts';

/** A number with every mark. */
const NUMBER = 12_345.6;

/** Returns what is shown where, as the choices have it now. */
export function shownAs(formats: Formats, now: number): FigureRow[] {
  const row = (name: string, text: string, about: string): FigureRow => ({ name, text, unit: '', about });
  const hour = Math.floor(now / HOUR) * HOUR;
  return [
    row('The clock, the cross-hair', formats.clock(now), 'The time of day above; what a chart reads.'),
    row('Newest events', formats.clockMs(now), 'To the millisecond, as sent.'),
    row('The time axis of charts', formats.axis(hour, HOUR), 'Midnight of this zone says its date.'),
    row('Ranges', formats.days(hour - DAY, hour - DAY + HOUR, now), 'Dates where they are not of today.'),
    row('Figures', formats.fixed(NUMBER, 1), 'In panels, tables and on axes.'),
    row('Addresses, programs', `${new Date(hour).toISOString().slice(0, 16)}Z`, 'Always so, for everybody.'),
  ];
}
