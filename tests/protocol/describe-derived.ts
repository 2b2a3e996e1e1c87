import { expect, it } from 'vitest';
import { follow, plain } from './raw-client.ts';
import { until } from './subject.ts';
import type { ProtocolContext } from './use-protocol.ts';

/** Metrics that are computed from others: defined, live, over HTTP, resumed and refused. */
export function describeDerived(context: ProtocolContext): void {
  const put = async (id: string, definition: object) => {
    const answer = await context.subject.ask(`/v1/metrics/${id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(definition),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };

  it('computes a metric from another one, live, over HTTP and after a resume', async () => {
    const { subject } = context;
    const [all, share] = [`${subject.metric}-all`, `${subject.metric}-share`];
    const name = JSON.stringify(subject.metric);
    expect((await put(all, { expression: name, groupBy: [] })).status).toBe(201);
    const made = await put(share, { expression: `${name}/${JSON.stringify(all)} × 100`, unit: '%' });
    expect(made.body).toMatchObject({ expression: `${name} / ${JSON.stringify(all)} * 100` });
    const client = await context.connect();
    const request = { metric: share, groupBy: ['group'], window: 'whole', range: '1h' };
    const view = await follow(client, { request });
    expect(view.info).toMatchObject({ unit: '%', outputs: ['value'], empty: 'none', adds: 'nothing' });
    const counts = await follow(client, { request: { ...request, metric: subject.metric } });
    await subject.post('a', 3);
    await until(() => {
      const [shares, own] = [plain(view.contents), plain(counts.contents)].map((contents) =>
        Object.fromEntries(
          Object.entries(contents).map(([group, cells]) => [group, Object.values(cells).at(-1)?.[0] ?? 0]),
        ),
      ) as [Record<string, number>, Record<string, number>];
      const sum = Object.values(own).reduce((a, b) => a + b, 0);
      expect(sum).toBeGreaterThan(0);
      for (const [group, n] of Object.entries(own)) expect(shares[group]).toBeCloseTo((n / sum) * 100, 9);
    });
    expect(view.outcomes).not.toContain('behind');
    const cursor = view.contents.cursor!;
    const again = await (await context.connect()).subscribe({ request, cursor, version: view.info.version });
    expect(again).toMatchObject({ ok: true, info: { version: view.info.version } });
    const address = `/v1/metrics/${share}/series?window=whole&range=1h&groupBy=`;
    const answer = (await (await subject.ask(address)).json()) as { series: { values: number[] }[] };
    expect(answer.series[0]!.values).toEqual([100]);
    const used = await subject.ask(`/v1/metrics/${all}`, { method: 'DELETE' });
    expect([used.status, await used.json()]).toMatchObject([409, { code: 'metric_in_use' }]);
    for (const id of [share, all])
      expect((await subject.ask(`/v1/metrics/${id}`, { method: 'DELETE' })).status).toBe(204);
  });

  it('refuses an expression with the place where it cannot be read, and what does not exist', async () => {
    const id = `${context.subject.metric}-wrong`;
    const unread = await put(id, { expression: 'errors / ' });
    expect(unread).toMatchObject({ status: 400, body: { code: 'invalid_expression', field: 'expression' } });
    expect(unread.body.detail).toContain('at character 10: expected a metric');
    expect(await put(id, { expression: '"no-such-metric" * 2' })).toMatchObject({
      status: 400,
      body: { code: 'unknown_part' },
    });
  });

  it('takes an expression in place of a metric, and shows the same as a metric that is saved', async () => {
    const { subject } = context;
    const share = `${subject.metric}-twice`;
    const name = JSON.stringify(subject.metric);
    await put(share, { expression: `${name} * 2` });
    const client = await context.connect();
    const asked = { groupBy: [], window: 'whole', range: '1h' };
    const saved = await follow(client, { request: { metric: share, ...asked } });
    const unsaved = await follow(client, { request: { metric: `=${name}×2`, ...asked } });
    expect(unsaved.info).toMatchObject({ metric: `= ${name} * 2`, title: `${name} * 2` });
    await subject.post('a', 2);
    await until(() => {
      expect(Object.keys(plain(saved.contents))).not.toEqual([]);
      expect(plain(unsaved.contents)).toEqual(plain(saved.contents));
    });
    const address = `/v1/metrics/${encodeURIComponent(`= ${name} * 2`)}/series?window=whole&range=1h&groupBy=`;
    const [answer, other] = await Promise.all(
      [address, `/v1/metrics/${share}/series?window=whole&range=1h&groupBy=`].map(async (path) =>
        (await subject.ask(path)).json(),
      ),
    );
    expect((answer as { series: unknown }).series).toEqual((other as { series: unknown }).series);
    expect((await subject.ask(`/v1/metrics/${share}`, { method: 'DELETE' })).status).toBe(204);
  });
}
