import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import { foldInputs } from '#aggregates/testing/law-inputs.ts';
import type { State } from '#contracts/metric/state.ts';
import type { ViewContents } from '#contracts/view/frame.ts';
import type { SeriesAnswer } from '#contracts/view/series-result.ts';
import { follow } from '../testing/follow-view.ts';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';

const NOW = 1_700_000_000_000;
const SIZE = 10_000;
/** A window that ended long ago, one that has just ended, and the open one. */
const [OLD, LAST] = [NOW - 6 * SIZE, NOW - SIZE];
const topk = aggregateOf({ name: 'topk', field: 'page', args: [2] });

let gateway: TestGateway;
let version: number;
beforeEach(async () => {
  gateway = await startGateway();
  const definition = { event: 'visit', aggregate: 'topk(page, 2)', groupBy: ['shop'], window: '10s' };
  ({ version } = await gateway.define('pages', definition));
});
afterEach(() => gateway.close());

let offset = 0;
const stateOf = (text: string): State =>
  topk.encode(
    foldInputs(
      topk,
      [...text].map((value) => ({ value, at: { ts: 0, part: 0, offset: offset++, index: 0 } })),
    ),
  );

const row = (pane: number, group: string, text: string, next: number, part = '0') => ({
  pane,
  group: [group],
  part,
  state: stateOf(text),
  next,
});
const store = (...rows: ReturnType<typeof row>[]) =>
  gateway.store.insertPanes(rows.map((one) => ({ ...one, metric: 'pages', version })));
const publish = (...cells: ReturnType<typeof row>[]) =>
  gateway.append({ kind: 'cells', metric: 'pages', version, received: null, cells });
const settled = { watermark: NOW, shown: NOW, next: 5, committed: 5 };

/** Of each window from the old one on, and each output, what counts and how often. */
async function ask(query: string): Promise<Record<string, string[]>> {
  const answer = await fetch(`${gateway.url}/v1/metrics/pages/series?range=70s&${query}`);
  const { series, panes } = (await answer.json()) as SeriesAnswer;
  const found: Record<string, string[]> = {};
  for (const [i, pane] of panes.entries()) {
    const cells = series.flatMap(({ output, group, values, names }) =>
      values[i] === null ? [] : [`${group.shop ?? ''} ${output} ${names?.[i] ?? '-'} ${values[i]}`],
    );
    if (cells.length > 0) found[pane - NOW] = cells;
  }
  return found;
}

const held = (contents: ViewContents | undefined): Record<string, unknown> =>
  Object.fromEntries(
    [...(contents?.series.values() ?? [])].flatMap(({ group, cells, names }) =>
      [...cells].map(([start, values]) => [`${group} ${start - NOW}`, [names?.get(start), values]]),
    ),
  );

it('shows what is counted beside how often: of stored windows, of those that have just ended, and of open ones', async () => {
  await store(row(OLD, 'A', 'xxy', 1), row(OLD, 'A', 'yyz', 1, '1'), row(OLD, 'B', 'z', 1));
  await gateway.facts(NOW + 5_000, settled);
  await publish(row(LAST, 'A', 'q', 6), row(NOW, 'A', 'ab', 6));
  await gateway.facts(NOW + 5_000, { ...settled, next: 6 });
  const total = (shop: string, n: number) => [`${shop} total - ${n}`, `${shop} error - 0`];
  await vi.waitFor(async () =>
    expect(await ask('')).toEqual({
      '-60000': ['A top1 y 3', 'A top2 x 2', ...total('A', 6), 'B top1 z 1', ...total('B', 1)],
      '-10000': ['A top1 q 1', ...total('A', 1)],
      0: ['A top1 a 1', 'A top2 b 1', ...total('A', 2)],
    }),
  );
  expect((await ask('groupBy='))['-60000']).toEqual([' top1 y 3', ' top2 x 2', ' total - 7', ' error - 0']);
  expect(await ask('groupBy=&window=whole')).toEqual({
    '-64000': [' top1 y 3', ' top2 x 2', ' total - 10', ' error - 0'],
  });
});

it('sends names with every change of a cell, also where only a name is another', async () => {
  await gateway.facts(NOW + 5_000);
  await publish(row(NOW, 'A', 'aab', 1));
  const client = follow(gateway.connect());
  const reply = await client.subscribe({ request: { metric: 'pages', range: '70s', compare: 'previous' } });
  if (!reply.ok) throw new Error(reply.error.message);
  expect(reply.info).toMatchObject({ outputs: ['top1', 'top2', 'total', 'error'], named: 2 });
  const contents = () => [...client.contents.values()][0];
  await vi.waitFor(() =>
    expect(held(contents())).toEqual({
      'A 0': [
        ['a', 'b'],
        [2, 1, 3, 0],
      ],
    }),
  );
  await publish(row(NOW, 'A', 'aac', 2));
  await vi.waitFor(() =>
    expect(held(contents())).toEqual({
      'A 0': [
        ['a', 'c'],
        [2, 1, 3, 0],
      ],
    }),
  );
  const { cursor } = contents()!;
  await publish(row(NOW, 'A', 'aacd', 3), row(LAST, 'B', 'e', 3));
  const expected = {
    'A 0': [
      ['a', 'c'],
      [2, 1, 4, 0],
    ],
    'B -10000': [['e'], [1, null, 1, 0]],
  };
  await vi.waitFor(() => expect(held(contents())).toEqual(expected));
  expect(client.outcomes).not.toContain('behind');
  // A resume brings the names of what has changed.
  const again = await follow(gateway.connect()).subscribe({
    request: { metric: 'pages', range: '70s', compare: 'previous' },
    cursor: { ...cursor!, end: NOW + SIZE },
    version,
  });
  if (!again.ok) throw new Error(again.error.message);
  expect(again.frame.views[0]!.names?.toSorted()).toEqual([['a', 'c'], ['e']]);
});

it('has no names where outputs mean the same in every window', async () => {
  await gateway.define('visits', { event: 'visit', aggregate: 'count', window: '10s' });
  await gateway.facts(NOW + 5_000);
  const reply = await follow(gateway.connect()).subscribe({ request: { metric: 'visits' } });
  if (!reply.ok) throw new Error(reply.error.message);
  expect(reply.info).not.toHaveProperty('named');
  expect(reply.frame.views[0]).not.toHaveProperty('names');
  const answer = await fetch(`${gateway.url}/v1/metrics/visits/series`);
  expect(((await answer.json()) as SeriesAnswer).series[0]).not.toHaveProperty('names');
});
