import { expect } from 'vitest';
import { compileActive } from '#aggregates/judge/compile-metric.ts';
import { aggregateOf } from '#aggregates/registry.ts';
import { HEADER } from '#contracts/log/block.ts';
import { encodeControl } from '#contracts/log/control.ts';
import type { PaneRow } from '#contracts/log/rows.ts';
import type { Store } from '#platform/store/store.ts';
import { Partition } from '../../../aggregator/core/partition.ts';
import { restorePartition } from '../../../aggregator/core/restore/restore-partition.ts';
import { useStore } from './use-store.ts';

/*
 * Metrics of aggregates that look at several events of a key. Every case is folded by the core, in the order that is given, and by the SQL
 * over its archive.
 */

const T0 = Date.UTC(2026, 10, 23, 16);
const ID_KEY = { k0: 1, k1: 2 };

/** Opens metrics on the Store of a file (`use-store.ts`). To be called once in it. */
export function useMetrics(): (definition: Definition) => ReturnType<typeof openMetric> {
  const store = useStore();
  return (definition) => openMetric(store(), definition);
}

/** When an event happened, in seconds, its key and its properties. */
export type Sent = readonly [at: number, key: string, properties: Record<string, unknown>];
interface Definition {
  aggregate: string;
  groupBy?: string;
  window?: string;
  pane?: string;
}

/** Each case has a partition of its own, so that no case sees the events of another. */
let partition = 0;

/** An owner of a partition in which a metric is defined. */
async function openMetric(store: Store, definition: Definition) {
  const own = ++partition;
  const whole = { event: 'e', pane: '1s', ...definition };
  const blocks: { headers: Record<string, string>; value: Buffer }[] = [];
  const restore = async (): Promise<Partition> => {
    const steps = restorePartition(ID_KEY);
    let step = steps.next();
    while (!step.done) {
      const read = step.value;
      if (read.read === 'commit')
        step = steps.next((await store.readCommits()).find(({ part }) => part === own) ?? null);
      else if (read.read === 'panes') step = steps.next(await store.readPanes(read));
      else if (read.read === 'points') step = steps.next(await store.readPoints({ ...read, partition: own }));
      else step = steps.next([]);
    }
    return new Partition({ partition: own, identity: 'log', replayUntil: 0, idKey: ID_KEY }, step.value);
  };
  let part = await restore();
  const fold = (): void => {
    for (const block of blocks.slice(part.nextOffset))
      expect(part.fold({ offset: part.nextOffset, time: T0, ...block })).toEqual([]);
  };
  const head = { [HEADER.format]: '1', [HEADER.received]: String(T0) };
  const control = encodeControl({ kind: 'metric', metric: `m${own}`, version: 1, definition: whole });
  blocks.push({
    headers: { ...head, [HEADER.kind]: 'control', [HEADER.block]: 'control' },
    value: Buffer.from(control),
  });
  const flush = async (isWhole: boolean): Promise<void> => {
    const { panes, archive, commit } = part.beginFlush()!;
    await store.insertPanes(panes);
    if (!isWhole) return;
    await store.insertEvents(archive);
    await store.insertCommits([commit]);
    part.commitFlush();
  };
  return {
    /** Each event is a block. */
    send(events: readonly Sent[]) {
      for (const [at, key, properties] of events) {
        const value = JSON.stringify({ event: 'e', key, timestamp: T0 + at * 1_000, properties });
        blocks.push({
          headers: { ...head, [HEADER.block]: `b${blocks.length}` },
          value: Buffer.from(value),
        });
      }
      fold();
    },
    flush: () => flush(true),
    /** The process is killed, maybe while a flush had written its pane rows and nothing else. */
    async kill({ flushing = false } = {}) {
      if (flushing) await flush(false);
      part = await restore();
      fold();
    },
    /** Outputs of each window, by group and second, of the core; which SQL over the archive has as well. */
    async values() {
      await flush(true);
      const { metric } = compileActive(`m${own}`, whole);
      const range = { metric: metric.id, version: 1, from: 0, to: T0 * 2 };
      const scope = { metric, version: 1, partition: own, from: 0, before: part.nextOffset, groups: 100 };
      const stateOf = ({ pane, group, state }: PaneRow) => ({ pane, group, state });
      const rows = (await store.readPanes(range)).map(stateOf);
      expect((await store.runSqlFold(scope)).map(stateOf)).toEqual(rows);
      return readWindows(rows, metric.aggregate, metric.window);
    },
  };
}

function readWindows(
  rows: readonly Pick<PaneRow, 'pane' | 'group' | 'state'>[],
  call: Parameters<typeof aggregateOf>[0],
  window: number,
): Record<string, (number | null)[]> {
  const aggregate = aggregateOf(call);
  const nameOf = ({ pane, group }: { pane: number; group: string[] }): string =>
    [...group, (Math.floor(pane / window) * window - T0) / 1_000].join(' ');
  return Object.fromEntries(
    [...Map.groupBy(rows, nameOf)].map(([name, own]) => {
      const merged = aggregate.create();
      for (const { state } of own) aggregate.merge(merged, aggregate.decode(state));
      return [name, aggregate.value(merged, call, window)];
    }),
  );
}

export const counters = (samples: readonly [number, string, number, string?][]): Sent[] =>
  samples.map(([at, key, n, env]) => [at, key, env === undefined ? { n } : { n, env }]);
