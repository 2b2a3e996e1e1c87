/** An event that a counter takes, the name of its group and its value. */
export interface Sample<E> {
  event: E;
  group: string[];
  value: number;
}

/** What an event adds in its own pane, the event it is due to, and how much was added and taken back at most. */
export interface Gain<E, V = number> extends Omit<Sample<E>, 'value'> {
  value: V;
  due: E;
  moved: number;
}

export type Placed = { ts: number; offset: number; key: string | null };

/**
 * What counters rose by, by the definition: of each group and key the samples in the order of time, ties in that of the log, which is
 * that of the list. Of events at `from` or later it is what they change, over what those before them give alone. In the order of what
 * it is due to.
 */
export function naiveGains<E extends Placed>(
  samples: readonly Sample<E>[],
  { hold, from }: { hold: number; from: number },
): Gain<E>[] {
  const order = new Map(samples.map(({ event }, i) => [event, i]));
  const counted = samples.filter(({ event, value }) => event.key !== null && value >= 0 && value < 2 ** 900);
  const sequences = Map.groupBy(counted, ({ event, group }) => JSON.stringify([group, event.key]));
  const gains = [...sequences.values()].flatMap((all) => {
    const sorted = all.toSorted((a, b) => a.event.ts - b.event.ts);
    const gained: Gain<E>[] = [];
    let below: Sample<E> | undefined;
    let since: E[] = [];
    for (const [i, sample] of sorted.entries()) {
      const whole = gainOf(sorted[i - 1], sample, hold);
      const moved = sample.value * all.length;
      if (sample.event.offset >= from) {
        since.push(sample.event);
        gained.push({ ...sample, value: whole, due: sample.event, moved });
        continue;
      }
      const [due] = since.toSorted((a, b) => order.get(a)! - order.get(b)!);
      if (due !== undefined)
        gained.push({ ...sample, value: whole - gainOf(below, sample, hold), due, moved });
      below = sample;
      since = [];
    }
    return gained;
  });
  return gains.sort((a, b) => order.get(a.due)! - order.get(b.due)!);
}

function gainOf<E extends Placed>(before: Sample<E> | undefined, { event, value }: Sample<E>, hold: number) {
  if (before === undefined || event.ts - before.event.ts > hold) return 0;
  return value < before.value ? value : value - before.value;
}
