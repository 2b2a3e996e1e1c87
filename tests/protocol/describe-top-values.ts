import { expect, it } from 'vitest';
import type { SeriesAnswer } from '#contracts/view/series-result.ts';
import { follow } from './raw-client.ts';
import { until } from './subject.ts';
import type { ProtocolContext } from './use-protocol.ts';

/** What is counted, beside how often: PROTOCOL.md, "Aggregates" and 1.3. */
export function describeTopValues(context: ProtocolContext): void {
  const headers = { 'content-type': 'application/json' };
  const define = async (id: string): Promise<void> => {
    const { event } = context.subject;
    const body = JSON.stringify({ event, aggregate: 'topk(page, 3)', groupBy: ['shop'], window: '10s' });
    const answer = await context.subject.ask(`/v1/metrics/${id}`, { method: 'PUT', headers, body });
    expect(answer.status, await answer.clone().text()).toBe(201);
  };
  const post = async (shop: string, pages: readonly string[]): Promise<void> => {
    const { event } = context.subject;
    const body = JSON.stringify(pages.map((page) => ({ event, properties: { shop, page } })));
    const answer = await context.subject.ask('/v1/events', { method: 'POST', headers, body });
    expect(answer.status).toBe(200);
  };
  const read = async (id: string, query: string): Promise<SeriesAnswer['series']> => {
    const answer = await context.subject.ask(`/v1/metrics/${id}/series?window=whole&range=10m&${query}`);
    expect(answer.status, await answer.clone().text()).toBe(200);
    return ((await answer.json()) as SeriesAnswer).series;
  };

  it('names the values that counts belong to, of each group and of all, and the same after a back-fill', async () => {
    const ids = ['live', 'later'].map((id) => `${context.subject.metric}-${id}`) as [string, string];
    await define(ids[0]);
    await post('A', ['/', '/', '/cart', '/', '/cart', '/ä😀']);
    await post('B', ['/cart', '/cart', '/x'.repeat(64), '/x'.repeat(65)]);
    await define(ids[1]);
    const expectTop = async (id: string, query: string, expected: [string, string | null, number | null][]) =>
      until(async () => {
        const found = await read(id, query);
        expect(
          found.map(({ output, names, values }) => [output, names?.[0] ?? null, values[0] ?? null]),
        ).toEqual(expected);
      });
    for (const id of ids) {
      await expectTop(id, 'groupBy=', [
        ['top1', '/cart', 4],
        ['top2', '/', 3],
        ['top3', '/x'.repeat(64), 1],
        ['total', null, 10],
        ['error', null, 0],
      ]);
      await expectTop(id, 'groupBy=&where=shop%20%3D%20A', [
        ['top1', '/', 3],
        ['top2', '/cart', 2],
        ['top3', '/ä😀', 1],
        ['total', null, 6],
        ['error', null, 0],
      ]);
    }
    for (const id of ids) {
      const answer = await context.subject.ask(`/v1/metrics/${id}`, { method: 'DELETE' });
      expect(answer.ok).toBe(true);
    }
  });

  it('says over a socket how many outputs have names, and sends them beside the values', async () => {
    const id = `${context.subject.metric}-followed`;
    await define(id);
    const client = await context.connect();
    const view = await follow(client, {
      request: { metric: id, groupBy: [], window: 'whole', range: '10m' },
    });
    expect(view.info).toMatchObject({ outputs: ['top1', 'top2', 'top3', 'total', 'error'], named: 3 });
    const shown = () => {
      const [series] = [...view.contents.series.values()];
      const [[start, values] = [0, null]] = [...(series?.cells ?? [])];
      return { values, names: series?.names?.get(start) };
    };
    const before = shown().values?.[3] ?? 0;
    await post('C', Array<string>(20).fill('/new'));
    await until(() => expect(shown().values?.[3]).toBe(before + 20));
    expect(shown().names?.[0]).toBe('/new');
    expect(shown().values?.[0]).toBe(20);
    expect(view.outcomes).not.toContain('behind');
    const answer = await context.subject.ask(`/v1/metrics/${id}`, { method: 'DELETE' });
    expect(answer.ok).toBe(true);
  });
}
