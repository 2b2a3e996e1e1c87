import { expect, it } from 'vitest';
import { follow, plain, totals } from './raw-client.ts';
import { until } from './subject.ts';
import type { ProtocolContext } from './use-protocol.ts';

/** Cursors: resume, foreign epochs, other versions; and credit. */
export function describeResume(context: ProtocolContext): void {
  it('resumes by cursor with what changed since, and lists the members', async () => {
    const { subject } = context;
    const request = { metric: subject.metric };
    await subject.post('kept', 2);
    const first = await context.connect();
    const held = await follow(first, { request });
    await until(() => expect(totals(held.contents)).toEqual({ 'kept/L': 1, 'kept/S': 1 }));
    first.close();
    const { cursor, version } = held.contents;
    await subject.post('missed', 3);
    const watcher = await follow(await context.connect(), { request });
    await until(() => expect(totals(watcher.contents)['missed/S']).toBe(2));

    const resumed = await follow(
      await context.connect(),
      { request, cursor, version },
      { held: held.contents },
    );
    const [change] = resumed.first.views;
    expect(resumed.outcomes[0]).toBe('applied');
    expect(change!.snapshot).toBeUndefined();
    expect(change!.members).toHaveLength(4);
    expect(resumed.first.from).toBeLessThanOrEqual(cursor!.offset);
    await until(() => expect(plain(resumed.contents)).toEqual(plain(watcher.contents)));
    expect(resumed.outcomes).not.toContain('behind');
  });

  it('answers a cursor at its own position with the members again', async () => {
    const request = { metric: context.subject.metric, groupBy: ['group'] };
    const client = await context.connect();
    const held = await follow(client, { request });
    const { cursor, version } = held.contents;
    const again = await client.subscribe({ request, cursor, version });
    const names = again.ok && again.frame.views[0]!.members!.map((m) => m.group[0]).sort();
    expect(names).toEqual(['kept', 'missed']);
  });

  it('answers a cursor of another epoch, of the future, or of another version with a snapshot', async () => {
    const request = { metric: context.subject.metric };
    const client = await context.connect();
    const { contents } = await follow(client, { request });
    const { epoch, offset } = contents.cursor!;
    const { version } = contents;
    for (const message of [
      { request, cursor: { epoch: 'another log', offset }, version },
      { request, cursor: { epoch, offset: offset + 1e9 }, version },
      { request, cursor: { epoch, offset }, version: version + 1 },
    ]) {
      const reply = await client.subscribe(message);
      expect(reply).toMatchObject({ ok: true, frame: { epoch, views: [{ snapshot: true, version }] } });
    }
  });

  it('lets a client that stopped acknowledging catch up once it does again', async () => {
    const { subject } = context;
    const client = await context.connect();
    const view = await follow(
      client,
      { request: { metric: subject.metric, groupBy: ['group'] } },
      { silent: true },
    );
    for (let i = 0; i < 30; i++) await subject.post(`g${i}`, 1);
    const watcher = await follow(await context.connect(), {
      request: { metric: subject.metric, groupBy: ['group'] },
    });
    await until(() => expect(Object.keys(totals(watcher.contents))).toHaveLength(32));
    await until(() => {
      client.socket.emit('ack', { to: view.contents.cursor!.offset });
      expect(totals(view.contents)).toEqual(totals(watcher.contents));
    });
    expect(view.outcomes).not.toContain('behind');
  });
}
