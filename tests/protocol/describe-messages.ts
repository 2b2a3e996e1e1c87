import { expect, it } from 'vitest';
import type { SubscribeReply } from '#contracts/view/protocol.ts';
import { follow, type RawClient } from './raw-client.ts';
import { until } from './subject.ts';
import type { ProtocolContext } from './use-protocol.ts';

/** Beats, tail, refusals, and malformed messages. */
export function describeMessages(context: ProtocolContext): void {
  const refused = async (client: RawClient, message: unknown) => {
    const reply = await client.subscribe(message as never);
    return (reply as SubscribeReply & { ok: false }).error;
  };

  it('sends a beat again and again, in which asOf advances without any event', async () => {
    const client = await context.connect();
    const { info } = await follow(client, { request: { metric: context.subject.metric } });
    const ages = () =>
      client.beats.flatMap((b) => b.views.filter((v) => v.view === info.view).map((v) => v.asOf));
    await until(() => expect(new Set(ages().filter((age) => age !== null)).size).toBeGreaterThan(2));
    const times = client.beats.map((beat) => beat.time);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(client.beats[0]!.status).toMatchObject({ viewers: expect.any(Number) });
  });

  it('refuses what it cannot serve, by code, naming the field', async () => {
    const { metric } = context.subject;
    const client = await context.connect();
    const [none, field, dimension, window, range] = [
      await refused(client, { request: { metric: 'no-such-metric' } }),
      await refused(client, { request: { metric, colour: 'red' } }),
      await refused(client, { request: { metric, groupBy: ['nothing'] } }),
      await refused(client, { request: { metric, window: '1500ms' } }),
      await refused(client, { request: { metric, range: '365d' } }),
    ];
    expect(none).toMatchObject({ code: 'unknown_metric', retry: false });
    expect(field).toMatchObject({ code: 'invalid_view', field: 'colour', retry: false });
    expect(dimension).toMatchObject({ code: 'invalid_view', field: 'groupBy' });
    expect(window).toMatchObject({ code: 'invalid_view', field: 'window' });
    expect(range).toMatchObject({ code: 'view_too_large' });
    for (const error of [none, field, dimension, window, range]) expect(error.message).not.toBe('');
  });

  it('refuses subscriptions of wrong shape and goes on', async () => {
    const client = await context.connect();
    const { metric } = context.subject;
    for (const message of [null, 7, 'text', [], {}, { request: [] }, { request: { metric: 5 } }]) {
      expect(await refused(client, message), JSON.stringify(message)).toMatchObject({ retry: false });
    }
    const bad = { request: { metric }, cursor: { epoch: 4, offset: 'x' }, version: 1 };
    expect(await refused(client, bad)).toMatchObject({ code: 'invalid_message' });
    expect((await client.subscribe({ request: { metric } })).ok).toBe(true);
  });

  it('reports other messages of wrong shape by notice, and goes on', async () => {
    const client = await context.connect();
    for (const [name, body] of [
      ['ack', 'x'],
      ['ack', { to: 1.5 }],
      ['unsubscribe', null],
      ['tail', { on: 'yes' }],
      ['subscribe', { request: {} }],
    ] as const) {
      const before = client.notices.length;
      client.socket.emit(name, body);
      await until(() =>
        expect(client.notices.length, `${name} ${JSON.stringify(body)}`).toBeGreaterThan(before),
      );
    }
    for (const notice of client.notices)
      expect(notice).toMatchObject({ code: expect.any(String), retry: false });
    expect((await client.subscribe({ request: { metric: context.subject.metric } })).ok).toBe(true);
  });

  it('sends recent events while the tail is on', async () => {
    const { subject } = context;
    const client = await context.connect();
    client.socket.emit('tail', { on: true });
    const seen = () => client.tails.flatMap((tail) => tail.rows).filter((row) => row.event === subject.event);
    await until(async () => {
      await subject.post('seen', 1);
      expect(seen()[0]).toMatchObject({ text: expect.stringContaining('seen') });
    });
  });
}
