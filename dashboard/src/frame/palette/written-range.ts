import type { Formats } from '../../format/formats.ts';
import { parseRange } from '../../range/parse-range.ts';
import { rangeLabel } from '../../range/range-label.ts';
import type { Found } from './palette-items.ts';

/** Returns the range that is typed out, such as `14:00 – 14:30`, as what can be chosen; nothing for other text. */
export function writtenRange(text: string, now: number, formats: Formats): Found[] {
  const read = /\d/.test(text) ? parseRange(text.replace(/^@/, ''), now, formats.calendar) : null;
  if (read === null || !('range' in read)) return [];
  const { range } = read;
  const name = `Show ${rangeLabel(range, now, formats)}`;
  const item: Found['item'] = {
    id: '',
    kind: 'Do',
    name,
    about: 'range as written',
    key: '',
    choice: { range },
  };
  return [{ item, kind: 'Do', marks: [], aboutMarks: [] }];
}
