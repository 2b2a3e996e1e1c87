import { expect, it } from 'vitest';
import type { Differences, Explanation } from '#contracts/metric/explanation.ts';
import type { EventVerdict, VerdictsAnswer } from '#contracts/metric/verdict.ts';
import { until } from './subject.ts';
import type { ProtocolContext } from './use-protocol.ts';

/** Where a number comes from, and what became of an event: PROTOCOL.md 2.9. */
export function describeExplained(context: ProtocolContext): void {
  const ask = async <T>(path: string, query: Record<string, string>): Promise<T> => {
    const answer = await context.subject.ask(`/v1/${path}?${new URLSearchParams(query)}`);
    expect(answer.status).toBe(200);
    return (await answer.json()) as T;
  };
  const post = (path: string, body: unknown) =>
    context.subject.ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const explain = (query: Record<string, string>): Promise<Explanation> =>
    ask(`metrics/${context.subject.metric}/explain`, query);

  it('of a cell the events are listed, and what is different about them is said', async () => {
    const { subject } = context;
    const start = Math.floor(Date.now() / 10_000) * 10_000 - 30_000;
    const groups = ['a', 'a', 'a', 'b', ['odd']];
    const sent = groups.map((group, i) => ({
      event: subject.event,
      id: `${subject.metric}-${i}`,
      timestamp: start + i,
      properties: { group, size: 'S', vip: group === 'a' },
    }));
    expect((await post('/v1/events', sent)).status).toBe(200);
    const window = { window: String(start) };
    await until(async () => expect(await explain(window)).toMatchObject({ count: 4 }));
    expect(await explain(window)).toMatchObject({
      ...{ from: start, to: start + 10_000, values: { value: 4 }, late: 0 },
      skipped: [{ field: 'group', found: 'list', count: 1 }],
    });
    const of = { ...window, group: '{"group":"a"}' };
    const first = await explain({ ...of, limit: '2' });
    const rest = await explain({ ...of, cursor: first.next! });
    const ids = [...first.events, ...rest.events].map(({ id }) => id);
    expect(first).toMatchObject({ count: 3, values: { value: 3 } });
    expect(ids).toEqual([2, 1, 0].map((i) => sent[i]!.id));
    const { values } = await ask<Differences>(`metrics/${subject.metric}/differs`, of);
    expect(values).toContainEqual({
      ...{ property: 'vip', value: 'true', inside: 3, outside: 0, difference: 1 },
    });
  });

  it('of an event every metric says what it made of it, sent or not', async () => {
    const { subject } = context;
    const id = `${subject.metric}-verdict`;
    const event = { event: subject.event, id, properties: { group: 'a', size: 'S' } };
    const own = ({ metrics }: EventVerdict) => metrics.find(({ metric }) => metric === subject.metric);
    const paste = async (body: unknown): Promise<EventVerdict> => {
      const answer = await post('/v1/events/verdict', body);
      expect(answer.status).toBe(200);
      return (await answer.json()) as EventVerdict;
    };
    const counted = { outcome: 'counted', part: 'live', group: { group: 'a', size: 'S' } };
    const before = await paste(event);
    expect(before).toMatchObject({ event: subject.event, id, position: null });
    expect(own(before)).toMatchObject(counted);
    expect((await post('/v1/events', event)).status).toBe(200);
    await until(async () => expect(own(await paste(event))).toMatchObject({ outcome: 'duplicate' }));
    const { verdicts } = await ask<VerdictsAnswer>('events/verdict', { id });
    expect(own(verdicts[0]!)).toMatchObject({ ...counted, merged: false });
    const { partition, offset, index } = verdicts[0]!.position!;
    const position = `${partition}:${offset}:${index}`;
    expect(await ask<VerdictsAnswer>('events/verdict', { position })).toEqual({ verdicts, more: false });
  });

  it('what ingest refuses is refused with the same words', async () => {
    for (const body of [{ event: 7 }, { name: 'a' }, { event: 'a', timestamp: 'yesterday' }]) {
      const refused = await post('/v1/events', body);
      const { code, field, detail } = (await refused.json()) as Record<string, string>;
      const verdict = await post('/v1/events/verdict', body);
      expect(await verdict.json()).toMatchObject({ rejected: { code, field, message: detail } });
    }
  });
}
