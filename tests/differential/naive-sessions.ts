import type { Gain, Placed, Sample } from './naive-counters.ts';

/** What a session adds where it begins: itself, its ms, its events, and whether there is one alone. */
export type SessionValue = [count: number, ms: number, events: number, bounced: number];

type Limits = { gap: number; longest: number };

/**
 * What sessions add, by the definition: of each group and key the events in the order of time, cut where one follows the last after more than the
 * gap, and at the multiples of the longest. Each event adds in its own pane, those that begin nothing zeros. Of events at `from` or later it is what they change, one
 * after the other, over what those before them give alone. In the order of what it is due to.
 */
export function naiveSessions<E extends Placed>(
  samples: readonly Sample<E>[],
  { from, ...limits }: Limits & { from: number },
): Omit<Gain<E, SessionValue>, 'moved'>[] {
  const known = new Map<string, Sample<E>[]>();
  return samples.flatMap((due) => {
    if (due.event.key === null) return [];
    const name = JSON.stringify([due.group, due.event.key]);
    const before = known.get(name) ?? [];
    const after = [...before, due];
    known.set(name, after);
    if (due.event.offset < from) return [];
    const [old, now] = [sessionsOf(before, limits), sessionsOf(after, limits)];
    const changed = new Set([...old, ...now].map(({ start }) => start));
    const changes = [...changed].flatMap((start) => {
      const [a, b] = [old, now].map((all) => all.find((one) => one.start === start)?.value ?? [0, 0, 0, 0]);
      const value = b!.map((sum, i) => sum - a![i]!) as SessionValue;
      const of = after.find(({ event }) => event.ts === start)!;
      return value.every((sum) => sum === 0) ? [] : [{ ...of, value, due: due.event }];
    });
    return [{ ...due, value: [0, 0, 0, 0] as SessionValue, due: due.event }, ...changes];
  });
}

function sessionsOf<E extends Placed>(
  samples: readonly Sample<E>[],
  { gap, longest }: Limits,
): { start: number; value: SessionValue }[] {
  const times = samples.map(({ event }) => event.ts).sort((a, b) => a - b);
  const begins = times.flatMap((ts, i) => {
    const last = times[i - 1];
    const isNew =
      last === undefined || ts - last > gap || Math.floor(ts / longest) > Math.floor(last / longest);
    return isNew ? [i] : [];
  });
  return begins.map((begin, i) => {
    const all = times.slice(begin, begins[i + 1] ?? times.length);
    const [start, end] = [all[0]!, all.at(-1)!];
    return { start, value: [1, end - start, all.length, all.length === 1 ? 1 : 0] };
  });
}
