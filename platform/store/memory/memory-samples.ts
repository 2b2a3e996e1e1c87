import { comparePositions } from '#contracts/event/event-position.ts';
import type { ArchiveRow } from '#contracts/log/rows.ts';
import type { EventSample, NameSpan, SampleQuery } from '../event-samples.ts';
import type { TierRow } from '../store.ts';
import { compareRows } from './merge-rows.ts';

/** Takes samples of rows, as `EventSamples.readSample` says. */
export function sampleRows(
  rows: readonly ArchiveRow[],
  { event, rows: most, perName, limit }: SampleQuery,
): EventSample {
  const newest = [...rows].sort((a, b) => comparePositions(b, a));
  const last = newest[most - 1] ?? newest.at(-1);
  if (last === undefined) return { events: [], names: [], from: null };
  const inWindow = newest.filter((row) => row.ts >= last.ts && (event === null || row.event === event));
  const counts = new Map<string, number>();
  const events: EventSample['events'] = [];
  for (const { event: name, ts, properties } of inWindow) {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    if (count <= perName && events.length < limit) events.push({ event: name, ts, properties });
  }
  const names = [...counts].map(([name, count]) => ({ event: name, events: count }));
  names.sort((a, b) => b.events - a.events || Buffer.compare(Buffer.from(a.event), Buffer.from(b.event)));
  return { events, names, from: newest.length < most ? 0 : last.ts };
}

/** Returns the first and the last pane of each group, the first `limit` groups in the order of rows. */
export function spansOf(rows: readonly TierRow[], limit: number): NameSpan[] {
  const spans = new Map<string, NameSpan>();
  for (const { group, pane } of rows) {
    const key = JSON.stringify(group);
    const known = spans.get(key);
    if (known === undefined) spans.set(key, { group, first: pane, last: pane });
    else {
      known.first = Math.min(known.first, pane);
      known.last = Math.max(known.last, pane);
    }
  }
  const place = ({ group }: NameSpan) => ({ pane: 0, part: '', group });
  return [...spans.values()].sort((a, b) => compareRows(place(a), place(b))).slice(0, limit);
}
