import type { ArchiveRow } from '#contracts/log/rows.ts';
import type { AggregateCall } from '#contracts/metric/aggregate-call.ts';
import { groupKey } from '#contracts/metric/dimension.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import {
  type Contributed,
  comparePoints,
  SEQUENCE_HOUR,
  SEQUENCE_MINUTE,
  type SequenceForm,
  type SequencePoint,
} from '#contracts/metric/sequence.ts';
import type { StoredPoint } from '../stored-points.ts';

/** An event of a sequence, as it was read from an archive row. */
export interface MemberEvent extends SequencePoint {
  group: string[];
  key: string;
  row: ArchiveRow;
}

const sequenceOf = ({ group, key }: MemberEvent): string => JSON.stringify([groupKey(group), key]);

/** Those of the events, in the order of the log, that are within the bounds. */
export function withinBounds(events: readonly MemberEvent[], form: SequenceForm): MemberEvent[] {
  const hours = new Map<number, Set<string>>();
  const minutes = new Map<string, number>();
  return events.filter((event) => {
    const sequence = sequenceOf(event);
    const hour = floorTo(event.ts, SEQUENCE_HOUR);
    const known = hours.get(hour) ?? new Set();
    hours.set(hour, known.add(sequence));
    const minute = `${floorTo(event.ts, SEQUENCE_MINUTE)} ${sequence}`;
    const nth = (minutes.get(minute) ?? 0) + 1;
    minutes.set(minute, nth);
    return [...known].indexOf(sequence) < form.bounds.sequences && nth <= form.bounds.points;
  });
}

/** A contribution and the event that it is due to. */
export interface DueContribution {
  ts: number;
  value: Contributed;
  due: MemberEvent;
}

/** What events at `from` or later contribute, one after the other in the order of the log, to what those before them have left. */
export function contributionsOf(
  events: readonly MemberEvent[],
  { form, pane, call, from }: { form: SequenceForm; pane: number; call: AggregateCall; from: number },
): DueContribution[] {
  const hold = form.hold(call);
  const sequences = new Map<string, SequencePoint[]>();
  return events.flatMap((due) => {
    const name = sequenceOf(due);
    const points = [...(sequences.get(name) ?? []), due].sort(comparePoints);
    sequences.set(name, points);
    const changes = form.insert(points, points.indexOf(due), { hold, pane, key: due.key, call });
    if (due.offset < from) return [];
    return changes.map(({ ts, value }) => ({ ts, value, due }));
  });
}

/** Of each sequence all events from `open` on and the last one before, or the runs that are needed, in the order of the log. */
export function openPoints(
  events: readonly MemberEvent[],
  open: number,
  { form, call }: { form: SequenceForm; call: AggregateCall },
): StoredPoint[] {
  const sequences = Map.groupBy(events, sequenceOf);
  const kept = [...sequences.values()].flatMap((all) => {
    const [{ group, key }] = all as [MemberEvent, ...MemberEvent[]];
    const points = all.toSorted(comparePoints).map(({ row: _, ...point }): StoredPoint => point);
    if (form.runs !== undefined)
      return form.runs.open(points, open, call).map((run) => ({ ...run, group, key }));
    return points.filter((_, i) => (points[i + 1]?.ts ?? Number.POSITIVE_INFINITY) >= open);
  });
  return kept.sort(compareInLog);
}

export const compareInLog = (
  a: Pick<ArchiveRow, 'offset' | 'index'>,
  b: Pick<ArchiveRow, 'offset' | 'index'>,
): number => a.offset - b.offset || a.index - b.index;
