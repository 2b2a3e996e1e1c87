import { expect, it } from 'vitest';
import { createFakeAsk } from '../../testing/fake-ask.ts';
import type { Ask } from '../app/ask.ts';
import { readCatalogue, similarTo, usesOf } from './metric-list.ts';
import { sentenceText } from './metric-sentence.ts';

const answering =
  (answers: Record<string, unknown>): Ask =>
  async (path) => ({
    ...{ status: 200, headers: new Headers(), body: answers[path] },
  });

it('reads metrics of both kinds, and says each as a sentence', async () => {
  const { metrics } = await readCatalogue(createFakeAsk('live'));
  expect(metrics.map(sentenceText)).toEqual([
    'count of service_error split by service every 10 s',
    'count of checkout split by country every 10 s',
    'count of checkout where country = DE every 10 s',
    'p50, p95, p99 of duration_ms in checkout every 10 s',
    'increase of views in page_viewed split by page every 10 s',
    'errors / orders * 100',
  ]);
});

it('knows what shows a metric, what is computed from it, and what is like it', async () => {
  const catalogue = await readCatalogue(createFakeAsk('live'));
  expect(usesOf('orders', catalogue)).toEqual({
    boards: [{ id: 'storefront', title: 'Storefront', panels: ['Orders'] }],
    derived: ['error_rate'],
  });
  expect(usesOf('orders_de', catalogue)).toEqual({ boards: [], derived: [] });
  const [errors, orders] = catalogue.metrics;
  expect(similarTo(orders!, catalogue.metrics)).toEqual(['orders_de']);
  expect(similarTo(errors!, catalogue.metrics)).toEqual([]);
});

it('finds a metric in the expression of a panel', async () => {
  const place = { x: 0, y: 0, w: 6, h: 2 };
  const panel = { id: 'a', kind: 'line', title: 'Rate', place, view: { metric: '= a / "b-c"' } };
  const boards = [{ id: 'x', title: 'X', panels: [panel] }];
  const catalogue = await readCatalogue(
    answering({ '/v1/metrics': { metrics: [] }, '/v1/boards': { boards } }),
  );
  for (const id of ['a', 'b-c']) expect(usesOf(id, catalogue).boards).toHaveLength(1);
  expect(usesOf('b', catalogue).boards).toEqual([]);
});

it('keeps what cannot be used here, with the reason, and what is being filled in', async () => {
  const metrics = [{ id: 'odd', title: 'Odd', event: 'x', aggregate: 'count' }];
  const faults = [{ id: 'odd', code: 'out_of_range', message: 'lateness: too long.' }];
  const fills = [{ id: 'odd', version: 1, done: 1, of: 4 }];
  const ask = answering({ '/v1/metrics': { metrics, faults, fills }, '/v1/boards': { boards: [] } });
  const [odd] = (await readCatalogue(ask)).metrics;
  expect(odd).toMatchObject({ fault: 'lateness: too long.', filling: { done: 1, of: 4 } });
});

it('refuses what is no list', async () => {
  await expect(readCatalogue(answering({ '/v1/metrics': {}, '/v1/boards': { boards: [] } }))).rejects.toThrow(
    'expected a list of metrics',
  );
});
