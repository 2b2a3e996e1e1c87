import type { RejectedRecord } from '#contracts/log/rejected-record.ts';
import type { TailRow } from '#contracts/view/protocol.ts';
import type { Judged } from './verdict-queue.ts';

/** An event that has come since the page listens. */
export interface Arrival {
  /** Counts them in the order of arrival. */
  line: number;
  /** Server time of arrival on the page, epoch ms. */
  arrived: number;
  row: TailRow;
  judged: Judged;
  /** Of an event that this page has sent: ms from the button to the screen. */
  testedIn: number | null;
}

/** Equal refusals that follow each other, as one. */
export interface RefusalGroup {
  newest: RejectedRecord;
  count: number;
}

/** A line of the list of what came. */
export type Item =
  | { kind: 'event'; id: string; time: number; arrival: Arrival }
  | { kind: 'refusal'; id: string; time: number; refusal: RefusalGroup };

/** Makes one of refusals that follow each other and differ in nothing but their time and text; the newest first, as they come. */
export function groupRefusals(records: readonly RejectedRecord[]): RefusalGroup[] {
  const groups: RefusalGroup[] = [];
  for (const record of records) {
    const last = groups.at(-1);
    if (last !== undefined && isLike(last.newest, record)) last.count++;
    else groups.push({ newest: record, count: 1 });
  }
  return groups;
}

const isLike = (a: RejectedRecord, b: RejectedRecord): boolean =>
  a.code === b.code &&
  a.field === b.field &&
  a.status === b.status &&
  a.message === b.message &&
  a.agent === b.agent &&
  a.key === b.key;

/** Returns what came, received and refused in one list, the newest first, at most `most`. */
export function listItems(
  arrivals: readonly Arrival[],
  refusals: readonly RefusalGroup[],
  most: number,
): Item[] {
  const events = arrivals.map(
    (arrival): Item => ({ kind: 'event', id: `e${arrival.line}`, time: arrival.arrived, arrival }),
  );
  const seen = new Map<string, number>();
  const refused = refusals.toReversed().map((refusal): Item => {
    const { time, code } = refusal.newest;
    const name = `r${time} ${code}`;
    const nth = seen.get(name) ?? 0;
    seen.set(name, nth + 1);
    return { kind: 'refusal', id: `${name} ${nth}`, time, refusal };
  });
  return [...events, ...refused.toReversed()].sort((a, b) => b.time - a.time).slice(0, most);
}

/** A mark on the tape of the last minute. */
export interface Mark {
  time: number;
  kind: 'received' | 'test' | 'refused';
}

/** Returns the marks that are still on the tape, one a pixel and kind: `x` from the left. */
export function placeMarks(
  marks: readonly Mark[],
  { now, span, width }: { now: number; span: number; width: number },
): { x: number; kind: Mark['kind'] }[] {
  const places = new Map<string, { x: number; kind: Mark['kind'] }>();
  for (const { time, kind } of marks) {
    const x = Math.min(Math.round(((time - now) / span + 1) * width), width - 2);
    if (x >= 0) places.set(`${kind} ${x}`, { x, kind });
  }
  return [...places.values()];
}
