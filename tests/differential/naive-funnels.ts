/** An event that may be steps of a funnel, and the name of its group. */
export interface Visit<E> {
  event: E;
  group: string[];
  /** Whether each condition holds. */
  value: boolean[];
}

/** How far a key came from one entry; `ms`: the time to the last step, null where it is not reached. */
export interface Came {
  key: string;
  step: number;
  ms: number | null;
}

/** What an event adds: nothing in its own pane, if it is no entry; and the event that it is due to. */
export interface FunnelGain<E> {
  event: E;
  group: string[];
  values: Came[];
  due: E;
}

type Placed = { ts: number; offset: number; key: string | null };

/** As many events of a sequence take part in a minute. */
const MOST_A_MINUTE = 100;

/**
 * What events at `from` or later change of what keys have come to, by the definition: after each event of the log all steps of all entries
 * are looked for again, and an entry that has come to one earlier than before is due to that event. In the order of what they are due to.
 */
export function naiveFunnel<E extends Placed>(
  visits: readonly Visit<E>[],
  { span, from }: { span: number; from: number },
): FunnelGain<E>[] {
  const order = new Map(visits.map(({ event }, i) => [event, i]));
  const counted = visits.filter(({ event, value }) => event.key !== null && value.includes(true));
  const sequences = Map.groupBy(counted, ({ event, group }) => JSON.stringify([group, event.key]));
  const gains = [...sequences.values()].flatMap((all) => {
    const minutes = Map.groupBy(all, ({ event }) => Math.floor(event.ts / 60_000));
    const within = new Set([...minutes.values()].flatMap((some) => some.slice(0, MOST_A_MINUTE)));
    return gainsOf(
      all.filter((visit) => within.has(visit)),
      { span, from },
    );
  });
  return gains.sort((a, b) => order.get(a.due)! - order.get(b.due)!);
}

/** Of one sequence, in the order of the log. */
function gainsOf<E extends Placed>(
  all: readonly Visit<E>[],
  { span, from }: { span: number; from: number },
): FunnelGain<E>[] {
  const known = new Map<Visit<E>, string>();
  return all.flatMap((visit, i): FunnelGain<E>[] => {
    const { event: due, group } = visit;
    const sorted = all.slice(0, i + 1).sort((a, b) => a.event.ts - b.event.ts);
    const changed = sorted.flatMap((entry, e): FunnelGain<E>[] => {
      const { ts, key } = entry.event;
      // No other entry changes by it.
      if (entry.value[0] !== true || ts > due.ts || due.ts - ts > span) return [];
      const steps = stepsFrom(sorted, e, span);
      const text = JSON.stringify(steps.map((step) => all.indexOf(sorted[step]!)));
      if (known.get(entry) === text) return [];
      known.set(entry, text);
      const isThrough = steps.length === entry.value.length;
      const ms = isThrough ? sorted[steps.at(-1)!]!.event.ts - ts : null;
      return [{ event: entry.event, group, values: [{ key: key!, step: steps.length, ms }], due }];
    });
    if (due.offset < from) return [];
    return [{ event: due, group, values: [], due }, ...changed];
  });
}

/** Where an entry comes to each step, as early as it can: places in the sequence. */
function stepsFrom<E extends Placed>(sorted: readonly Visit<E>[], entry: number, span: number): number[] {
  const steps = [entry];
  const { ts } = sorted[entry]!.event;
  for (let i = entry + 1; i < sorted.length && sorted[i]!.event.ts - ts <= span; i++)
    if (sorted[i]!.value[steps.length] === true) steps.push(i);
  return steps;
}
