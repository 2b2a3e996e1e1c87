import { expect, it } from 'vitest';
import { follow } from './raw-client.ts';
import { until } from './subject.ts';
import type { ProtocolContext } from './use-protocol.ts';

interface PreviewAnswer {
  complete: boolean;
  series: { panes: number[]; open: number[]; series: { group: object; output: string; values: unknown[] }[] };
  events: { matched: number; counted: number; skipped: object[] };
  similar: { metric: string; same: boolean }[];
}

/** Definitions before they are saved: PROTOCOL.md 2.12. */
export function describePreview(context: ProtocolContext): void {
  const post = async (body: object): Promise<{ status: number; body: Record<string, unknown> }> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await context.subject.ask('/v1/preview', {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const preview = async (definition: object, view: object): Promise<PreviewAnswer> => {
    const { status, body } = await post({ definition, view });
    expect(status, JSON.stringify(body)).toBe(200);
    return body as unknown as PreviewAnswer;
  };

  it('shows what saving gives, and what is not counted', async () => {
    const { subject } = context;
    await subject.post('a', 4);
    await subject.post('b', 2);
    const definition = { event: subject.event, aggregate: 'count', groupBy: ['group'], window: '10s' };
    const now = Date.now();
    const view = { range: { from: now - 600_000, to: now + 600_000 }, window: 'whole' };
    await until(async () => {
      const { series, events, similar } = await preview(definition, view);
      expect(events).toMatchObject({ matched: 6, counted: 6, skipped: [] });
      expect(series.series).toEqual([
        { group: { group: 'a' }, output: 'value', values: [4] },
        { group: { group: 'b' }, output: 'value', values: [2] },
      ]);
      expect(similar).toMatchObject([{ metric: subject.metric, same: false }]);
    });
    const wrong = await preview({ ...definition, aggregate: 'sum(size)' }, view);
    expect(wrong.events).toMatchObject({
      counted: 0,
      skipped: [{ field: 'size', expected: 'number', found: 'text', events: 6 }],
    });
  });

  it('refuses what saving would refuse, and what a view may not ask', async () => {
    const definition = { event: 'x', aggregate: 'count' };
    expect(await post({ definition: { ...definition, aggregate: 'counts' } })).toMatchObject({
      status: 400,
      body: { code: 'unknown_aggregate' },
    });
    expect(await post({ definition, view: { groupBy: ['nothing'] } })).toMatchObject({
      status: 400,
      body: { code: 'invalid_view', field: 'view.groupBy' },
    });
  });

  it('is kept up to date for who subscribes to a definition, and is what the saved metric shows', async () => {
    const { subject } = context;
    await subject.post('kept', 3);
    const definition = { event: subject.event, aggregate: 'count', groupBy: ['group'], window: '10s' };
    const where = { group: 'kept' };
    const client = await context.connect();
    const view = await follow(client, { request: { definition, where, range: '15m' } });
    const saved = await follow(client, { request: { metric: subject.metric, where, range: '15m' } });
    const sum = ({ contents }: typeof view): number =>
      [...contents.series.values()]
        .flatMap(({ cells }) => [...cells.values()])
        .reduce((all, [one]) => all + one!, 0);
    expect(view.info).toMatchObject({ metric: 'preview', version: 0, groupBy: ['group'] });
    expect(view.first.views[0]?.preview).toMatchObject({ similar: expect.any(Array) });
    await until(() => expect([sum(view), view.contents.preview?.complete]).toEqual([3, true]));
    await subject.post('kept', 2);
    await until(() => {
      expect([sum(view), sum(saved)]).toEqual([5, 5]);
      expect(view.contents.preview).toMatchObject({ progress: 1, events: { skipped: [] } });
    });
    expect(view.outcomes).not.toContain('behind');
    const reply = await client.subscribe({ request: { definition: { ...definition, aggregate: 'counts' } } });
    expect(reply).toMatchObject({
      ok: false,
      error: { code: 'unknown_aggregate', field: 'definition.aggregate' },
    });
  });
}
