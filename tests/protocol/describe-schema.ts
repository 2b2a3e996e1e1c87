import { expect, it } from 'vitest';
import { until } from './subject.ts';
import type { ProtocolContext } from './use-protocol.ts';

interface SchemaAnswer {
  events: {
    event: string;
    count: number;
    sampled: { events: number; of: number };
    properties: { path: string; events: number; types: { type: string; events: number }[] }[];
  }[];
  leftOut: number;
}

/** What there is: PROTOCOL.md 2.9. */
export function describeSchema(context: ProtocolContext): void {
  const read = async (query = ''): Promise<SchemaAnswer> => {
    const answer = await context.subject.ask(`/v1/schema${query}`);
    expect(answer.status).toBe(200);
    return (await answer.json()) as SchemaAnswer;
  };

  it('counts events by name and tells their properties', async () => {
    const { subject } = context;
    await subject.post('seen', 6);
    const query = `?range=1h&event=${encodeURIComponent(subject.event)}`;
    await until(async () => {
      const { events } = await read(query);
      expect(events).toMatchObject([{ event: subject.event, count: 6, sampled: { events: 6, of: 6 } }]);
      expect(events[0]!.properties.map(({ path, types }) => [path, types])).toEqual([
        ['group', [{ type: 'text', events: 6 }]],
        ['size', [{ type: 'text', events: 6 }]],
      ]);
    });
    expect((await read('?range=1h')).events.map(({ event }) => event)).toContain(subject.event);
  });

  it('keeps its counts in a metric that can be read and not changed', async () => {
    const { subject } = context;
    const where = encodeURIComponent(`$event = ${JSON.stringify(subject.event)}`);
    const path = '/v1/metrics/$events';
    await until(async () => {
      const answer = await subject.ask(`${path}/series?range=1h&window=whole&where=${where}`);
      const { series } = (await answer.json()) as { series: { values: number[] }[] };
      expect(series.map(({ values }) => values.at(-1))).toEqual([6]);
    });
    const { metrics } = (await (await subject.ask('/v1/metrics')).json()) as { metrics: { id: string }[] };
    expect(metrics.map(({ id }) => id)).not.toContain('$events');
    const removal = await subject.ask(path, { method: 'DELETE' });
    expect([removal.status, await removal.json()]).toMatchObject([409, { code: 'built_in_metric' }]);
  });

  it('refuses parameters that it does not have', async () => {
    const answer = await context.subject.ask('/v1/schema?name=x');
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { code: 'invalid_parameter', field: 'name' },
    ]);
  });
}
