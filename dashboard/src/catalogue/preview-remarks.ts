import { formatSpan } from '../format/format-duration.ts';
import type { NumberFormat } from '../format/format-number.ts';
import { shareText } from '../sentence/schema-entries.ts';
import type { PreviewNotes } from './preview-feed.svelte.ts';

/** What the line under a sentence says, in this order. */
export interface Remark {
  text: string;
  /** It does not add up. */
  adverse: boolean;
}

const KINDS: readonly [number, string][] = [
  [1e9, 'GB'],
  [1e6, 'MB'],
  [1e3, 'KB'],
];

/** Bytes of a day, two figures: they are an estimate. */
export function bytesText(bytes: number): string {
  const [size, name] = KINDS.find(([least]) => bytes >= least) ?? [1, 'B'];
  return `${Number((bytes / size).toPrecision(2))} ${name}`;
}

/** Reasons that are told. */
const TOLD = 3;

/** What a definition costs, what it counts, and what it does not count and why. */
export function remarksOf(notes: PreviewNotes, { value }: Pick<NumberFormat, 'value'>): Remark[] {
  const { cost, events, evaluated, complete, progress } = notes;
  const remarks: Remark[] = [];
  const say = (text: string, adverse = false): void => void remarks.push({ text, adverse });
  if (!complete) {
    const part = evaluated === null ? '' : `: so far the newest ${formatSpan(evaluated.to - evaluated.from)}`;
    say(`${Math.round(progress * 100)} % of the range is there${part}`);
  }
  if (events !== null && evaluated !== null) {
    if (events.matched === 0) say('No event of this range fits', true);
    else say(`counts ${value(events.counted)} events in ${formatSpan(evaluated.to - evaluated.from)}`);
    const lost = [...events.skipped].sort((a, b) => b.events - a.events).slice(0, TOLD);
    for (const { field, expected, found, events: n } of lost)
      say(
        `skips ${value(n)} (${shareText(n / events.matched)}): ${field} is ${found === 'null' ? 'missing' : found}, needs ${expected}`,
        true,
      );
    if (events.late > 0) say(`${value(events.late)} came too late`, true);
  }
  if (cost !== null && (events?.matched ?? 0) > 0)
    say(
      `costs ${value(cost.groups)} group${cost.groups === 1 ? '' : 's'}, about ${value(cost.rowsPerDay)} rows and ${bytesText(cost.bytesPerDay)} a day`,
    );
  return remarks;
}
