import fc from 'fast-check';
import { expect, it } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import type { WindowRow } from '#contracts/log/rows.ts';
import type { WindowRange } from '#platform/store/store.ts';
import { sampleMetric } from '#platform/store/testing/store-samples.ts';
import type { WindowsRead } from '../core/metric-views.ts';
import { readWindowPages } from './read-pages.ts';

const SIZE = 1_000;
const metric = sampleMetric({ groupBy: ['g'] });
const request = (windows: number): WindowsRead => ({
  ...{ kind: 'windows', id: 0, metric: metric.id, version: 1, target: 'range', needs: new Map() },
  windows: { kind: 'grid', size: SIZE, every: SIZE, origin: 0 },
  ...{ first: 0, last: (windows - 1) * SIZE, from: 0, to: windows * SIZE },
  view: {
    request: { where: [], groupBy: ['g'] },
    source: { metric, aggregate: aggregateOf(metric.aggregate) },
    top: null,
  } as unknown as WindowsRead['view'],
});

/** Reads windows of which each has so many groups; returns what came, and how many statements it took. */
async function read(
  groupsOf: readonly number[],
  { rows, isWanted = () => true }: { rows: number; isWanted?: () => boolean },
) {
  let statements = 0;
  const store = {
    readPanes: () => Promise.reject(new Error('No panes are read.')),
    async readWindows({
      starts,
      after,
      limit = Number.POSITIVE_INFINITY,
    }: WindowRange): Promise<WindowRow[]> {
      statements++;
      const found: WindowRow[] = [];
      const state = { nums: [], keys: [], counts: [1] };
      for (let at = starts!.from; at < starts!.to && found.length < limit; at += SIZE)
        for (let g = 0; g < (groupsOf[at / SIZE] ?? 0); g++) {
          const isBehind =
            after === undefined || at > after.window || (at === after.window && g > Number(after.group![0]));
          if (isBehind) found.push({ window: at, group: [String(g)], other: false, filled: false, state });
        }
      return found.slice(0, limit);
    },
  };
  const groups = Math.max(...groupsOf);
  const came: string[] = [];
  const reading = { store, call: <T>(work: () => Promise<T>) => work(), isWanted };
  for await (const page of readWindowPages(request(groupsOf.length), { rows, groups, largest: 1 }, reading))
    came.push(...page.rows.map(({ window, group }) => `${window / SIZE} ${group![0]}`));
  return { came, statements };
}

it('gives every window once and in order, however its groups are spread', async () => {
  const spread = fc.array(fc.tuple(fc.nat(3_000), fc.constantFrom(0, 0, 1, 7, 900)), {
    minLength: 1,
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(spread, fc.constantFrom(1_000, 10_000_000), async (pieces, rows) => {
      const groupsOf = pieces.flatMap(([count, groups]) =>
        Array<number>(groups === 900 ? count % 60 : count).fill(groups),
      );
      if (groupsOf.length === 0) return;
      const { came } = await read(groupsOf, { rows });
      expect(came).toEqual(
        groupsOf.flatMap((groups, at) => Array.from({ length: groups }, (_, g) => `${at} ${g}`)),
      );
    }),
    { numRuns: 40 },
  );
});

it('takes few statements for a long range of which most is empty', async () => {
  const groupsOf = [...Array<number>(49_000).fill(0), ...Array<number>(1_000).fill(200)];
  const { came, statements } = await read(groupsOf, { rows: 300_000 });
  expect(came).toHaveLength(200_000);
  expect(statements).toBeLessThan(60);
});

it('merges no more rows in a statement than it may', async () => {
  const { statements } = await read(Array<number>(10_000).fill(0).with(9_999, 1), { rows: 5_000_000 });
  expect(statements).toBeGreaterThanOrEqual(10);
});

it('ends where nobody waits any more', async () => {
  let pages = 0;
  const { statements } = await read(Array<number>(10_000).fill(200), {
    rows: 2_000_000,
    isWanted: () => ++pages < 3,
  });
  expect(statements).toBeLessThan(4);
});
