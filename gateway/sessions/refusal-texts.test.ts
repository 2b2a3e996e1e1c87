import { expect, it } from 'vitest';
import { checkAggregate } from '#aggregates/registry.ts';
import { parseBoard } from '#contracts/board/board.ts';
import type { Result } from '#contracts/errors.ts';
import { parseMetric } from '#contracts/metric/metric.ts';
import { parseViewRequest } from '#contracts/view/view-request.ts';
import { readMessage } from './read-message.ts';

const RULES = { checkAggregate, horizon: 3_600_000 };
const metric = (body: unknown) => parseMetric('m', body, RULES);
const board = (panel: object) => parseBoard('b', { panels: [panel] });
const text = (read: Result<unknown>) => (read.ok ? '' : read.fault.message);
const PLACE = { x: 0, y: 0, w: 1, h: 1 };

it.each([
  ['a metric', metric(undefined)],
  ['its event', metric({ aggregate: 'count' })],
  ['its aggregate', metric({ event: 'a' })],
  ['the id of a panel', board({})],
  ['its kind', board({ id: 'p' })],
  ['its place', board({ id: 'p', kind: 'tail' })],
  ['its view', board({ id: 'p', kind: 'stat', place: PLACE })],
  ['a view', parseViewRequest(undefined)],
  ['the metric of a view', parseViewRequest({})],
  ['a message', readMessage('subscribe', undefined)],
])('a refusal says that %s is missing', (_, read) => {
  expect(text(read)).toMatch(/, but it is missing\.$/);
});

it.each(['sum', 'count(x)', 'sum(x, 1)', 'quantiles', 'quantiles(x)', 'percentile_rank(x)', 'p99', 'median'])(
  'a refusal shows the aggregate %s as it was written',
  (aggregate) => {
    expect(text(metric({ event: 'a', aggregate }))).toContain(`got "${aggregate}"`);
  },
);
