import { expect, it } from 'vitest';
import { follow, totals } from './raw-client.ts';
import { until } from './subject.ts';
import type { ProtocolContext } from './use-protocol.ts';

/** Snapshot, frames, groups and filters. */
export function describeViews(context: ProtocolContext): void {
  it('answers a subscription with info and a snapshot, then sends frames that join on', async () => {
    const { subject } = context;
    const client = await context.connect();
    const view = await follow(client, { request: { metric: subject.metric } });
    expect(view.first.views[0]).toMatchObject({ snapshot: true, members: [] });
    expect(view.info).toMatchObject({
      metric: subject.metric,
      outputs: ['value'],
      empty: 'zero',
      adds: 'windows',
      window: 10_000,
    });
    expect(view.info.groupBy).toEqual(['group', 'size']);
    await subject.post('a', 4);
    await until(() => expect(totals(view.contents)).toEqual({ 'a/L': 2, 'a/S': 2 }));
    await subject.post('b', 1);
    await until(() => expect(totals(view.contents)).toEqual({ 'a/L': 2, 'a/S': 2, 'b/S': 1 }));
    expect(view.outcomes).not.toContain('behind');
    for (const frame of client.frames) expect(frame.from).toBeLessThanOrEqual(frame.to);
    expect(client.frames.some((frame) => frame.views[0]!.received !== null)).toBe(true);
  });

  it('gives a later subscriber the same as a snapshot', async () => {
    const late = await follow(await context.connect(), { request: { metric: context.subject.metric } });
    await until(() => expect(totals(late.contents)).toEqual({ 'a/L': 2, 'a/S': 2, 'b/S': 1 }));
    expect(late.first.views[0]!.members!.map((m) => m.group.join('/')).sort()).toEqual(['a/L', 'a/S', 'b/S']);
  });

  it('merges the dimensions that are left out, filters, and reads at other windows', async () => {
    const { metric } = context.subject;
    const client = await context.connect();
    const byGroup = await follow(client, { request: { metric, groupBy: ['group'] } });
    const all = await follow(client, { request: { metric, groupBy: [] } });
    const large = await follow(client, { request: { metric, groupBy: [], where: { size: ['L', 'XL'] } } });
    const coarse = await follow(client, { request: { metric, groupBy: [], window: '1m', range: '90s' } });
    await until(() => expect(totals(byGroup.contents)).toEqual({ a: 4, b: 1 }));
    expect(totals(all.contents)).toEqual({ '': 5 });
    expect(totals(large.contents)).toEqual({ '': 2 });
    expect(coarse.info).toMatchObject({ window: 60_000, range: 120_000 });
    for (const [start] of coarse.contents.series.get(0)?.cells ?? []) expect(start % 60_000).toBe(0);
  });

  it('gives equal requests one id, and ends a view on request', async () => {
    const { subject } = context;
    const [client, other] = [await context.connect(), await context.connect()];
    const [view, same] = [
      await follow(client, { request: { metric: subject.metric, groupBy: ['size', 'group'], range: '15m' } }),
      await follow(other, { request: { metric: subject.metric } }),
    ];
    expect(view.info.view).toBe(same.info.view);
    client.socket.emit('unsubscribe', { view: view.info.view });
    // Messages of one connection are taken in order: what the second answer proves done is the first message.
    await client.subscribe({ request: { metric: subject.metric, groupBy: [] } });
    client.frames.length = 0;
    const before = totals(same.contents)['c/S'] ?? 0;
    await subject.post('c', 1);
    await until(() => expect(totals(same.contents)['c/S']).toBe(before + 1));
    await until(() =>
      expect(client.frames.some((f) => f.views.some((v) => v.values.flat().length > 0))).toBe(true),
    );
    expect(client.frames.flatMap((f) => f.views.map((v) => v.view))).not.toContain(view.info.view);
  });
}
