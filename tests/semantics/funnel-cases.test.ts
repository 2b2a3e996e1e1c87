import { describe, expect, it } from 'vitest';
import { type Sent, useMetrics } from './testing/folded-metric.ts';

/* What a person expects of funnels, with expected values that were worked out by hand. */

const open = useMetrics();

describe('funnels', () => {
  /** `page@second`, or `page@second/key`. */
  const pages = (visits: string): Sent[] =>
    visits.split(' ').map((visit): Sent => {
      const [page, at, key = 'k'] = visit.split(/[@/]/);
      return [Number(at), key, { page }];
    });
  const define = (span: string, ...steps: string[]) =>
    open({ aggregate: `funnel(${span}, ${steps.map((page) => `page = ${page}`).join(', ')})`, window: '2m' });

  it.each([
    ['cart@3 checkout@3', [1, 1, 0]],
    ['checkout@3 cart@3', [1, 0, null]],
  ])('case 9: at equal times the order in the log decides: %s', async (visits, values) => {
    const metric = await define('1m', 'cart', 'checkout');
    metric.send(pages(visits));
    expect(await metric.values()).toEqual({ 0: values });
  });

  it.each(['A@0 A@50 B@100', 'B@100 A@50 A@0', 'A@50 B@100 A@0'])(
    'case 11: the time to convert is that from the latest entry which came through: %s',
    async (visits) => {
      const metric = await define('60s', 'A', 'B');
      metric.send(pages(visits));
      expect(await metric.values()).toEqual({ 0: [1, 1, 50] });
    },
  );

  it.each([{ flushing: false }, { flushing: true }])(
    'case 11: the same with a kill before the last step, $flushing',
    async (how) => {
      const metric = await define('60s', 'A', 'B');
      metric.send(pages('A@0'));
      await metric.flush();
      metric.send(pages('A@50'));
      await metric.kill(how);
      metric.send(pages('B@100'));
      expect(await metric.values()).toEqual({ 0: [1, 1, 50] });
    },
  );

  it.each([
    ['A@0 B@60', [1, 1, 60]],
    ['A@0 B@60.001', [1, 0, null]],
  ])('case 11: a last step at exactly the span converts, and none later: %s', async (visits, values) => {
    const metric = await define('60s', 'A', 'B');
    metric.send(pages(visits));
    expect(await metric.values()).toEqual({ 0: values });
  });

  it('each step once, in order, by key, and at the time of the entry', async () => {
    const metric = await define('30m', 'cart', 'checkout', 'paid');
    const visits = [
      'cart@100/ann cart@110/bob checkout@119/cem paid@130/bob checkout@400/ann',
      'checkout@401/bob home@500/bob paid@600/ann cart@620/ann',
    ];
    metric.send(pages(visits.join(' ')));
    // A window without an entry has no value.
    expect(await metric.values()).toEqual({
      0: [2, 2, 1, 500],
      120: [null, null, null, null],
      360: [null, null, null, null],
      600: [1, 0, 0, null],
    });
  });
});
