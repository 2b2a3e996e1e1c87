import { describe, expect, it } from 'vitest';
import { compileMetric } from '#aggregates/judge/compile-metric.ts';
import { aggregateOf } from '#aggregates/registry.ts';
import { HEADER } from '#contracts/log/block.ts';
import { encodeControl } from '#contracts/log/control.ts';
import type { PaneRow } from '#contracts/log/rows.ts';
import { byText } from '#platform/store/testing/store-samples.ts';
import { Partition } from '../../aggregator/core/partition.ts';
import { restoredEmpty } from '../../aggregator/core/restore/restore-partition.ts';
import { useStore } from './testing/use-store.ts';

/*
 * What a person expects of the values of an aggregate, with expected values that were worked out by hand. Every case is folded
 * by the core and by the SQL over its archive, which must hold the same states.
 */

const T0 = Date.UTC(2026, 10, 23, 16);

const store = useStore();

/** When an event happened, in seconds; its properties as they are sent; and its key. */
type Sent = readonly [at: number, properties: string | object, key?: string];

interface Folded {
  /** Outputs over all panes together, by the first dimension. */
  values: Record<string, (number | null)[]>;
  skipped: number;
}

/** Each case has a partition of its own, so that no case sees the events of another. */
let partition = 0;

async function foldBoth(definition: { aggregate: string; groupBy?: string }, sent: readonly Sent[]) {
  partition += 1;
  const part = new Partition(
    { partition, identity: 'log', replayUntil: 0, idKey: { k0: 1, k1: 2 } },
    restoredEmpty(),
  );
  const whole = { event: 'e', pane: '1s', ...definition };
  const head = { [HEADER.format]: '1', [HEADER.received]: String(T0) };
  const add = (headers: Record<string, string>, text: string) =>
    part.fold({
      offset: part.nextOffset,
      time: T0,
      headers: { ...head, ...headers },
      value: Buffer.from(text),
    });
  const control = encodeControl({ kind: 'metric', metric: 'm', version: 1, definition: whole });
  add({ [HEADER.kind]: 'control', [HEADER.block]: 'control' }, control);
  const lines = sent.map(([at, properties, key]) => {
    const text = typeof properties === 'string' ? properties : JSON.stringify(properties);
    const own = key === undefined ? '' : `"key":${JSON.stringify(key)},`;
    return `{"event":"e",${own}"timestamp":${T0 + at * 1_000},"properties":${text}}`;
  });
  expect(add({ [HEADER.block]: 'events' }, lines.join('\n'))).toEqual([]);
  const { archive, panes, commit } = part.beginFlush()!;
  await store().insertEvents(archive);
  const read = compileMetric('m', whole, Number.POSITIVE_INFINITY);
  if (!read.ok) throw new Error(read.fault.message);
  const { metric } = read.value;
  const scope = { metric, version: 1, partition, from: 0, before: commit.next, groups: 100 };
  const stateOf = ({ pane, group, state }: PaneRow) => ({ pane, group, state });
  expect(byText((await store().runSqlFold(scope)).map(stateOf))).toEqual(byText(panes.map(stateOf)));
  return { values: mergeGroups(panes, metric.aggregate), skipped: commit.facts.counters.skipped };
}

function mergeGroups(panes: readonly PaneRow[], call: Parameters<typeof aggregateOf>[0]): Folded['values'] {
  const aggregate = aggregateOf(call);
  const groups = Object.groupBy(panes, ({ group }) => group[0] ?? '');
  return Object.fromEntries(
    Object.entries(groups).map(([group, rows = []]) => {
      const merged = aggregate.create();
      for (const { state } of rows) aggregate.merge(merged, aggregate.decode(state));
      return [group, aggregate.value(merged, call, 1_000)];
    }),
  );
}

describe('what a value is', () => {
  it('case 29: a number as text is skipped and counted as such, and is the group of the number', async () => {
    const sent: Sent[] = [
      [0, { x: 42 }],
      [0, { x: '42' }],
      [1, { x: 1 }],
      [1, { y: 1 }],
    ];
    expect(await foldBoth({ aggregate: 'sum(x)' }, sent)).toEqual({ values: { '': [43] }, skipped: 1 });
    expect(await foldBoth({ aggregate: 'count', groupBy: 'x' }, sent)).toEqual({
      values: { 42: [2], 1: [1], __missing__: [1] },
      skipped: 0,
    });
  });

  it('case 29: 1e21, -0 and 0.1 + 0.2 have one text and one value in both engines', async () => {
    const sent: Sent[] = [
      '1e21',
      '1000000000000000000000',
      '-0',
      '0',
      '0.30000000000000004',
      '3.0000000000000004e-1',
    ].map((x) => [0, `{"x":${x}}`]);
    expect((await foldBoth({ aggregate: 'count', groupBy: 'x' }, sent)).values).toEqual({
      '1e+21': [2],
      '0': [2],
      '0.30000000000000004': [2],
    });
    expect((await foldBoth({ aggregate: 'max(x)', groupBy: 'x' }, sent)).values).toEqual({
      '1e+21': [1e21],
      '0': [0],
      '0.30000000000000004': [0.1 + 0.2],
    });
  });
});

describe('a share', () => {
  it('case 17: over two panes it is that of all events', async () => {
    const sent = [
      [0, { status: 'failed' }] as Sent,
      ...Array.from({ length: 99 }, (): Sent => [1, { status: 'ok' }]),
    ];
    const share = await foldBoth({ aggregate: 'share(status = failed)' }, sent);
    expect(share.values).toEqual({ '': [0.01, 1, 100] });
    const ratio = await foldBoth({ aggregate: 'ratio(status = failed, status != "")' }, sent);
    expect(ratio.values).toEqual({ '': [0.01, 1, 100] });
    const none = await foldBoth({ aggregate: 'ratio(status = failed, status = gone)' }, sent);
    expect(none.values).toEqual({ '': [null, 1, 0] });
  });
});

describe('quantiles', () => {
  it('case 31: of equal values they are that value, and the ends are exact', async () => {
    const aggregate = 'quantiles(x, 0, 0.5, 1)';
    const equal: Sent[] = [0, 0, 1].map((at) => [at, { x: 100 }]);
    expect((await foldBoth({ aggregate }, equal)).values).toEqual({ '': [100, 100, 100] });
    const four: Sent[] = [4, 1, 3, 2].map((x) => [x, { x }]);
    const [least, median, most] = (await foldBoth({ aggregate }, four)).values['']!;
    expect([least, most]).toEqual([1, 4]);
    expect(Math.abs(median! - 2)).toBeLessThanOrEqual(2 * 0.008);
    const ranks = await foldBoth({ aggregate: 'percentile_rank(x, 99.9, 100)' }, equal);
    expect(ranks.values).toEqual({ '': [0, 1] });
  });

  it('case 18: over two panes they are those of all values', async () => {
    const sent = [
      ...Array.from({ length: 90 }, (): Sent => [0, { x: 1 }]),
      ...Array.from({ length: 11 }, (): Sent => [1, { x: 100 }]),
    ];
    const [p90] = (await foldBoth({ aggregate: 'p90(x)' }, sent)).values['']!;
    expect(Math.abs(p90! - 100)).toBeLessThanOrEqual(0.8);
  });
});
