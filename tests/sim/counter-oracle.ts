import type { SimEvent } from './ops.ts';
import type { SimMetric } from './simulated-metrics.ts';

/** An event that counts, and the name that its group has in its pane. */
interface Sample {
  event: SimEvent;
  offset: number;
  index: number;
  pane: number;
  name: string;
}

interface Gain {
  /** `~` where it is back-filled. */
  part: '' | '~';
  pane: number;
  group: string;
  gain: number;
}

/** What counters rose by, from each key's samples in the order of time: what those before `from` give alone, and how much more all of them. */
export function counterRows(samples: readonly Sample[], metric: SimMetric, from: number): Gain[] {
  const keys = Map.groupBy(samples, ({ event }) => `${metric.grouped ? event.group : ''} ${event.key}`);
  return [...keys.values()].flatMap((all) => {
    const sorted = all.toSorted(
      (a, b) => a.event.ts - b.event.ts || a.offset - b.offset || a.index - b.index,
    );
    const older = sorted.filter(({ offset }) => offset < from);
    const gains: Gain[] = [];
    for (const [i, sample] of sorted.entries()) {
      const { pane, name: group } = sample;
      const isOlder = older.includes(sample);
      const whole = gainOf(sorted[i - 1], sample, metric.hold!);
      const before = isOlder ? gainOf(older[older.indexOf(sample) - 1], sample, metric.hold!) : 0;
      if (isOlder) gains.push({ part: '~', pane, group, gain: before });
      // What follows an older sample without a newer one between them is as it was.
      if (!isOlder || sorted[i - 1] !== older[older.indexOf(sample) - 1])
        gains.push({ part: '', pane, group, gain: whole - before });
    }
    return gains;
  });
}

function gainOf(before: Sample | undefined, { event }: Sample, hold: number): number {
  if (before === undefined || event.ts - before.event.ts > hold) return 0;
  const rise = event.n! - before.event.n!;
  return rise < 0 ? event.n! : rise;
}
