import fc from 'fast-check';
import { expect, it } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import { encodeBlockHeaders } from '#contracts/log/block.ts';
import { encodeControl } from '#contracts/log/control.ts';
import type { ArchiveRow, CommitRow, PaneRow } from '#contracts/log/rows.ts';
import { groupKey } from '#contracts/metric/dimension.ts';
import { pointsOf } from '#platform/store/memory/fold-rows.ts';
import { Partition } from './partition.ts';
import { restoredEmpty, restorePartition } from './restore/restore-partition.ts';

const T0 = 1_700_000_000_000;
const OPTIONS = { partition: 0, identity: 'log', replayUntil: 0, idKey: { k0: 1, k1: 2 } };
const DEFINITIONS = [
  { event: '*', aggregate: 'sum(n)', groupBy: 'g', window: '10s', lateness: '20s' },
  { event: 'e', aggregate: 'quantiles(n, 0.5)', groupBy: ['g', 'h'], lateness: '5s' },
  { event: '*', aggregate: 'count', groupBy: ['h', 'g', 'n'], lateness: '10s' },
  { event: '*', aggregate: 'distinct(g)', where: { n: { gt: 3 } } },
  { event: '*', aggregate: 'increase(n, 7s)', groupBy: 'g', window: '2s', lateness: '5s' },
  { event: '*', aggregate: 'sessions(2s, 1m)', groupBy: 'g', window: '2s', lateness: '5s' },
];

/** An owner of a partition with a Store of its own, which leaves states to it wherever it may. */
function begin(mayCool: boolean) {
  const panes = new Map<string, PaneRow>();
  let archive: ArchiveRow[] = [];
  let commit: CommitRow | null = null;
  let partition = new Partition(OPTIONS, restoredEmpty());
  let reads = 0;
  let time = T0;
  const fold = (headers: Record<string, string>, text: string): void => {
    const value = Buffer.from(text);
    const steps = partition.foldInSteps({ offset: partition.nextOffset, time, headers, value });
    let step = steps.next();
    while (!step.done) {
      const read = step.value === 'alone' ? undefined : step.value;
      if (read !== undefined) reads++;
      if (read !== undefined && 'read' in read) throw new Error('Nothing comes before a metric.');
      step = steps.next(
        read &&
          [...panes.values()].filter(
            (r) => r.metric === read.metric && r.pane >= read.from && r.pane < read.to,
          ),
      );
    }
    expect(step.value).toEqual([]);
  };
  const control = (value: Parameters<typeof encodeControl>[0]) =>
    fold(
      encodeBlockHeaders({ block: null, received: T0, count: null, kind: 'control' }),
      encodeControl(value),
    );
  const settings = { horizon: 3_600_000, groups: 2, ids: 100, valueLength: 3 };
  control({ kind: 'settings', settings });
  for (const [i, definition] of DEFINITIONS.entries())
    control({ kind: 'metric', metric: `m${i}`, version: 1, definition });
  const flush = (): void => {
    partition.drainUpdates().acknowledge();
    const taken = partition.beginFlush();
    if (taken === null) return;
    for (const row of taken.panes) panes.set(`${row.metric} ${row.pane} ${groupKey(row.group)}`, row);
    archive = [...archive, ...taken.archive];
    commit = structuredClone(taken.commit);
    partition.commitFlush();
    Array.from(partition.evicting());
  };
  const restart = (stateBytes: number): void => {
    const restore = restorePartition(OPTIONS.idKey, stateBytes);
    let step = restore.next();
    while (!step.done) {
      const read = step.value;
      if (read.read === 'commit') step = restore.next(commit);
      else if (read.read === 'ids')
        step = restore.next(archive.filter((row) => row.id !== null && row.offset < read.before));
      else if (read.read === 'turn') step = restore.next();
      else if (read.read === 'points')
        step = restore.next(pointsOf(archive, read, aggregateOf(read.metric.aggregate)));
      else {
        const inRange = (r: PaneRow) => r.metric === read.metric && r.pane >= read.from && r.pane < read.to;
        step = restore.next([...panes.values()].filter(inRange));
      }
    }
    partition = new Partition(OPTIONS, step.value);
  };
  return {
    send(events: readonly object[]) {
      time += 1_000;
      fold({}, events.map((event) => JSON.stringify(event)).join('\n'));
    },
    /** Panes that begin from now on have places by level. */
    levels: () => control({ kind: 'settings', settings: { ...settings, levels: true } }),
    flush,
    leave() {
      if (mayCool) partition.cool(0);
      if (mayCool && partition.sizes.pending === 0) expect(partition.sizes.stateBytes).toBe(0);
    },
    restart: () => restart(mayCool ? 0 : Infinity),
    rows: () => [...panes].sort(([a], [b]) => (a < b ? -1 : 1)),
    facts: () => ({ counters: partition.counters, watermark: partition.watermark }),
    reads: () => reads,
  };
}

const sent = fc.record({
  event: fc.constantFrom('e', 'f'),
  key: fc.constantFrom('k', 'l'),
  timestamp: fc.integer({ min: T0 - 15_000, max: T0 + 25_000 }),
  properties: fc.record({
    g: fc.constantFrom('a', 'b', 'c', 'd', 'long', '__other__', {}),
    h: fc.constantFrom(1, 2, 3),
    n: fc.nat(9),
  }),
});
const op = fc.oneof(
  fc.array(sent, { minLength: 1, maxLength: 8 }),
  fc.constantFrom('flush' as const, 'leave' as const, 'restart' as const, 'levels' as const),
);

it('states that only the Store has change no result, across restarts too', () => {
  let reads = 0;
  fc.assert(
    fc.property(fc.array(op, { maxLength: 40 }), (ops) => {
      const [plain, cold] = [begin(false), begin(true)];
      for (const one of ops) {
        for (const owner of [plain, cold]) {
          if (one === 'restart') {
            owner.flush();
            owner.restart();
          } else if (typeof one === 'string') owner[one]();
          else owner.send(one);
        }
        expect(cold.facts()).toEqual(plain.facts());
      }
      for (const owner of [plain, cold]) owner.flush();
      expect(cold.rows()).toEqual(plain.rows());
      reads += cold.reads();
      expect(plain.reads()).toBe(0);
    }),
    { numRuns: 300 },
  );
  expect(reads).toBeGreaterThan(50);
});
