import type { Variant } from './variants.ts';

/** Weakened copies for runs with counters; the others are in `variants.ts`. */
export const COUNTER_VARIANTS: readonly Variant[] = [
  {
    rule: '0: sequences come back from the archive',
    file: 'restore/restore-sequences.ts',
    from: 'into.restore(page);',
    to: '',
  },
  {
    rule: '0: a restore reads back as far as a sample is remembered',
    file: 'sequences/sequence-rules.ts',
    from: 'from: floorTo(first - hold, SEQUENCE_HOUR)',
    to: 'from: first',
  },
  {
    rule: '1: a sequence goes on where rows are ahead of the commit',
    file: 'fold/metric-cells.ts',
    from: 'const changes = this.sequences.add(',
    to: "if (at.offset < (this.#paneOf(floorTo(event.ts, metric.pane)).cells.get(group)?.next ?? 0)) return 'folded'; const changes = this.sequences.add(",
  },
  {
    rule: '2: the last sample before all that may come is kept',
    file: 'sequences/sequences.ts',
    from: 'while (closed + 1 < points.length && points[closed + 1]!.ts < open) closed++;',
    to: 'while (closed < points.length && points[closed]!.ts < open) closed++;',
  },
  {
    rule: '4: a sample that comes late changes what the next one adds',
    folder: 'aggregates',
    file: 'sums/counter.ts',
    from: 'if (after === undefined) return [own];',
    to: 'if (after === undefined || own.value >= 0) return [own];',
  },
  {
    rule: '4: samples of one time are in the order of the log',
    folder: 'contracts',
    file: 'metric/sequence.ts',
    from: 'a.ts - b.ts || a.offset - b.offset || a.index - b.index;',
    to: 'a.ts - b.ts || b.offset - a.offset || b.index - a.index;',
  },
  {
    rule: '7: a metric goes on from the stored events before its activation',
    file: 'fold/seed-sequences.ts',
    from: 'if (committed > 0) {',
    to: 'if (committed < 0) {',
  },
  {
    rule: '7: a metric goes on from those that are not stored yet',
    file: 'fold/seed-sequences.ts',
    from: 'sequences.add({ event: row, group: keys.of(values)!, value }, row, row.watermark);',
    to: '',
  },
];
