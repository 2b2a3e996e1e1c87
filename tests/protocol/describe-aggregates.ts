import { afterEach, beforeAll, expect, it } from 'vitest';
import type { SeriesAnswer } from '../testing/series.ts';
import { until } from './subject.ts';
import type { ProtocolContext } from './use-protocol.ts';

const EVENTS = [
  { key: 'ann', properties: { plan: 'pro', ms: 100 } },
  { key: 'bob', properties: { plan: 'free', ms: 100 } },
  { key: 'cem', properties: { plan: 'pro', ms: 100 } },
  { key: 'ann', properties: { plan: 'team', ms: '100' } },
];

/** Outputs over all of these events. */
const VALUES: [aggregate: string, outputs: Record<string, number | null>][] = [
  ['count', { value: 4 }],
  ['quantiles(ms, 0, 0.5, 1)', { p0: 100, p50: 100, p100: 100 }],
  ['percentile_rank(ms, 99.9, 100)', { le_99_9: 0, le_100: 1 }],
  ['histogram(ms, 99, 100)', { to_99: 0, over_99_to_100: 3, over_100: 0 }],
  [
    'histogram(ms)',
    {
      low: 100,
      high: 100,
      bucket_1: 3,
      ...Object.fromEntries(Array.from({ length: 19 }, (_, i) => [`bucket_${i + 2}`, 0])),
    },
  ],
  ['share(plan = pro)', { value: 0.5, matching: 2, total: 4 }],
  ['share($key in (ann, bob) and not ms > 0)', { value: 0.25, matching: 1, total: 4 }],
  ['topk(ms, 2)', { top1: 4, top2: null, total: 4, error: 0 }],
  ['topk(plan, 2)', { top1: 2, top2: 1, total: 4, error: 0 }],
  ['retention(1d, 1)', { r0: 3, r1: 0 }],
  ['ratio(plan in (pro, team), ms > 0)', { value: 1, numerator: 3, denominator: 3 }],
  ['ratio(plan = pro, plan = gone)', { value: null, numerator: 2, denominator: 0 }],
];

/** What the table of aggregates says, by URL: PROTOCOL.md, "Aggregates". */
export function describeAggregates(context: ProtocolContext): void {
  const defined: string[] = [];
  const headers = { 'content-type': 'application/json' };
  const put = (id: string, aggregate: string): Promise<Response> =>
    context.subject.ask(`/v1/metrics/${id}`, {
      method: 'PUT',
      headers,
      body: JSON.stringify({ event: context.subject.event, aggregate, window: '10s' }),
    });
  const outputsOf = async (id: string): Promise<Record<string, number | null>> => {
    const answer = await context.subject.ask(`/v1/metrics/${id}/series?window=whole&range=10m`);
    expect(answer.status, await answer.clone().text()).toBe(200);
    const { series } = (await answer.json()) as SeriesAnswer;
    return Object.fromEntries(series.map(({ output, values }) => [output, values[0] ?? null]));
  };
  beforeAll(async () => {
    const events = EVENTS.map((one) => ({ event: context.subject.event, ...one }));
    const body = JSON.stringify(events);
    const answer = await context.subject.ask('/v1/events', { method: 'POST', headers, body });
    expect(answer.status).toBe(200);
  });
  afterEach(async () => {
    for (const id of defined.splice(0)) await context.subject.ask(`/v1/metrics/${id}`, { method: 'DELETE' });
  });

  it.each(VALUES)('gives the outputs of %s', async (aggregate, outputs) => {
    const id = `${context.subject.metric}-aggregate`;
    const answer = await put(id, aggregate);
    expect(answer.status, await answer.clone().text()).toBe(201);
    defined.push(id);
    await until(async () => expect(await outputsOf(id)).toEqual(outputs));
  });

  it.each([
    ['share(plan)', 'invalid_filter', 'the condition of share'],
    ['share(plan = pro, plan = team)', 'invalid_definition', 'one condition'],
    ['retention(1h, 3)', 'invalid_definition', 'whole days or weeks'],
    ['retention(1d)', 'invalid_definition', 'a number of periods'],
    ['ratio(plan = pro)', 'invalid_definition', 'two conditions'],
    ['topk(plan, 21)', 'invalid_definition', '1 to 20'],
    ['topk(5, plan)', 'invalid_definition', 'topk(plan, 5)'],
    ['topK(plan)', 'unknown_aggregate', 'topk(plan, 10)'],
  ])('refuses %s and says what is expected', async (aggregate, code, expected) => {
    const answer = await put(`${context.subject.metric}-refused`, aggregate);
    const fault = (await answer.json()) as { message?: string; detail?: string };
    expect(fault).toMatchObject({ status: 400, code, field: 'aggregate' });
    expect(fault.message ?? fault.detail).toContain(expected);
  });
}
