import { expect, it } from 'vitest';
import { follow, plain } from './raw-client.ts';
import { until } from './subject.ts';
import type { ProtocolContext } from './use-protocol.ts';

interface SeriesAnswer {
  metric: string;
  version: number;
  window: number;
  panes: number[];
  series: { group: Record<string, string>; output: string; values: (number | null)[] }[];
}

/** One view gives the same over WebSocket, over polling and over HTTP. */
export function describeEqualData(context: ProtocolContext): void {
  it('gives equal contents over WebSocket and polling', async () => {
    const { subject } = context;
    const request = { metric: subject.metric, groupBy: ['group'] };
    const socket = await follow(await context.connect('websocket'), { request });
    const polling = await follow(await context.connect('polling'), { request });
    for (const group of ['a', 'b', 'a', 'c']) await subject.post(group, 2);
    await until(() => expect(Object.keys(plain(socket.contents)).sort()).toEqual(['a', 'b', 'c']));
    await until(() => expect(plain(polling.contents)).toEqual(plain(socket.contents)));
    expect([...socket.outcomes, ...polling.outcomes]).not.toContain('behind');
  });

  it('gives by HTTP what the snapshot gives', async () => {
    const { subject } = context;
    const client = await context.connect();
    const address = new URL(
      `/v1/metrics/${subject.metric}/series?range=5m&window=10s&groupBy=group`,
      subject.url,
    );
    await until(async () => {
      const answer = (await (await subject.ask(address)).json()) as SeriesAnswer;
      const request = { metric: subject.metric, groupBy: ['group'], range: '5m', window: '10s' };
      const view = await follow(client, { request });
      expect(answer).toMatchObject({ metric: subject.metric, version: view.info.version, window: 10_000 });
      expect(cellsOf(answer)).toEqual(plain(view.contents));
    });
  });

  it('refuses by HTTP as over the socket', async () => {
    const answer = await context.subject.ask('/v1/metrics/no-such-metric/series');
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'unknown_metric', status: 404 });
  });
}

/** Windows without a cell read as zero or null in a table: only those with a value are compared. */
function cellsOf({ panes, series }: SeriesAnswer): Record<string, Record<string, number[]>> {
  return Object.fromEntries(
    series.map(({ group, values }) => [Object.values(group).join('/'), valuesOf(panes, values)]),
  );
}

const valuesOf = (panes: number[], values: (number | null)[]): Record<string, number[]> =>
  Object.fromEntries(
    panes.map((pane, i) => [pane, [values[i] ?? 0]]).filter((_, i) => (values[i] ?? 0) !== 0),
  );
