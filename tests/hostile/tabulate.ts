import type { Figures } from './figures.ts';

/** A row for each attack, short enough for a terminal. */
export function tabulate(rows: readonly Omit<Figures, 'faults' | 'said'>[]): Record<string, unknown>[] {
  return rows.map(
    ({ attack, outcome, seconds, quiet, probe, turns, memory, descriptors, honest, stop, start }) => ({
      attack,
      outcome,
      s: seconds,
      'worst /live (quiet)': `${probe.worst} (${quiet.worst})`,
      'hold (quiet)': `${probe.longestHold} (${quiet.longestHold})`,
      'longest turn (> 50, > 100 ms)': `${turns.longest} (${turns.over.ms50}, ${turns.over.ms100})`,
      '> 50, 250, 1000 ms': Object.values(probe.over).join(', '),
      MB: levels(memory),
      descriptors: levels(descriptors),
      honest:
        honest === null
          ? ''
          : `${honest.during.seen} of ${honest.during.acknowledged} of ${honest.during.sent}`,
      'delay p99 (quiet)': honest === null ? '' : `${honest.during.delay.p99} (${honest.quietDelay.p99})`,
      stop: `${stop.ended} in ${stop.seconds} s`,
      start: `${start.seconds} s`,
    }),
  );
}

const levels = ({ before, peak, after }: Figures['memory']): string => `${before} → ${peak} → ${after}`;
