import type { Sample } from './naive-counters.ts';

/** What a pane takes of an event's group, the event it is due to, and how much was added and taken back at most. */
export interface Held<E> {
  event: E;
  group: string[];
  /** Some time in the pane. */
  ts: number;
  integral: number;
  ms: number;
  moved: number;
}

type Placed = { ts: number; offset: number; key: string | null };

/**
 * What samples of gauges hold, by the definition: each from its own time to the next of its group and key, in the order of time, ties in that
 * of the log, which is that of the list; for `hold` at most. Of events at `from` or later it is what they change, over what those before
 * them give alone. In the order of what it is due to, and something, if only nothing, in every pane that an event may hold in.
 */
export function naiveHolds<E extends Placed>(
  samples: readonly Sample<E>[],
  { hold, pane, from }: { hold: number; pane: number; from: number },
): Held<E>[] {
  const order = new Map(samples.map(({ event }, i) => [event, i]));
  const counted = samples.filter(({ event, value }) => event.key !== null && Math.abs(value) < 2 ** 870);
  const sequences = Map.groupBy(counted, ({ event, group }) => JSON.stringify([group, event.key]));
  const held = [...sequences.values()].flatMap((all) => {
    const sorted = all.toSorted((a, b) => a.event.ts - b.event.ts);
    const below = sorted.filter(({ event }) => event.offset < from);
    const endIn = (list: typeof sorted, one: Sample<E>): number =>
      Math.min(one.event.ts + hold, list[list.indexOf(one) + 1]?.event.ts ?? Infinity);
    return sorted.flatMap((sample, i) => {
      const { event, group, value } = sample;
      const end = endIn(sorted, sample);
      const moved = Math.abs(value) * pane * all.length;
      const piecesOf = (begin: number, until: number, reach: number, due: E): Held<E>[] =>
        startsBetween(begin, reach, pane).map((start) => {
          const ms = Math.max(0, Math.min(until, start + pane) - Math.max(begin, start));
          return { event: due, group, ts: Math.max(begin, start), integral: value * ms, ms, moved };
        });
      if (event.offset >= from) return piecesOf(event.ts, end, event.ts + hold, event);
      const alone = endIn(below, sample);
      if (alone === end) return [];
      const taken = piecesOf(end, alone, alone, sorted[i + 1]!.event);
      return taken.map((one) => ({ ...one, integral: -one.integral, ms: -one.ms }));
    });
  });
  return held.sort((a, b) => order.get(a.event)! - order.get(b.event)!);
}

function startsBetween(begin: number, end: number, pane: number): number[] {
  const starts: number[] = [];
  for (let start = Math.floor(begin / pane) * pane; start < end; start += pane) starts.push(start);
  return starts;
}
