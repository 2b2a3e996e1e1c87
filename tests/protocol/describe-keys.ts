import { expect, it } from 'vitest';
import type { AuthReply, Refusal } from '#contracts/view/protocol.ts';
import { follow, type RawClient, totals } from './raw-client.ts';
import { until } from './subject.ts';
import type { ProtocolContext } from './use-protocol.ts';

/** Entry with a key, going on with another, and its end: PROTOCOL.md 1.13. */
export function describeKeys(context: ProtocolContext): void {
  const make = async (grant: object): Promise<{ id: string; key: string }> => {
    const body = JSON.stringify({ name: context.subject.metric, scope: 'read', ...grant });
    const headers = { 'content-type': 'application/json' };
    const answer = await context.subject.ask('/v1/keys', { method: 'POST', headers, body });
    expect(answer.status).toBe(201);
    return (await answer.json()) as { id: string; key: string };
  };
  const revoke = async (id: string): Promise<void> => {
    expect((await context.subject.ask(`/v1/keys/${id}`, { method: 'DELETE' })).status).toBe(204);
  };
  const refusalOf = (key: string): Promise<Refusal | null> =>
    context.connect(undefined, key).then(
      () => null,
      (error: Error & { data: Refusal }) => error.data,
    );
  const ended = (client: RawClient): Promise<void> =>
    until(() => expect(client.socket.connected).toBe(false));

  it('admits a key that may read, and says why it refuses another', async () => {
    const { id, key } = await make({});
    const writer = await make({ scope: 'write' });
    expect(await refusalOf(key)).toBeNull();
    expect(await refusalOf(writer.key)).toMatchObject({ code: 'forbidden_scope', retry: false });
    expect(await refusalOf(`${key}0`)).toMatchObject({ code: 'invalid_key', retry: false });
    await revoke(id);
    expect(await refusalOf(key)).toMatchObject({ code: 'invalid_key', retry: false });
    await revoke(writer.id);
  });

  it('goes on with another key, and ends what that does not allow', async () => {
    const { metric } = context.subject;
    const [first, second, other] = [
      await make({}),
      await make({ metrics: [metric] }),
      await make({ metrics: ['x'] }),
    ];
    const client = await context.connect(undefined, first.key);
    const view = await follow(client, { request: { metric, groupBy: ['group'] } });
    const auth = (key: string): Promise<AuthReply> =>
      client.socket.timeout(20_000).emitWithAck('auth', { key });
    expect(await auth(second.key)).toEqual({ ok: true, expires: null });
    await revoke(first.id);
    await context.subject.post('a', 2);
    await until(() => expect(totals(view.contents).a).toBe(2));
    expect(view.outcomes).not.toContain('behind');
    expect(await auth('unknown')).toMatchObject({ ok: false, error: { code: 'invalid_key' } });
    expect(client.notices).toEqual([]);

    expect(await auth(other.key)).toMatchObject({ ok: true });
    const notice = { code: 'forbidden_metric', view: view.info.view, retry: false };
    await until(() => expect(client.notices).toMatchObject([notice]));
    for (const { id } of [second, other]) await revoke(id);
    await ended(client);
    expect(client.notices.at(-1)).toMatchObject({ code: 'revoked_key', retry: false });
  });

  it('ends a connection whose key expires', async () => {
    const { id, key } = await make({ expires: new Date(Date.now() + 2_500).toISOString() });
    const client = await context.connect(undefined, key);
    await ended(client);
    expect(client.notices).toMatchObject([{ code: 'expired_key', retry: false }]);
    expect(await refusalOf(key)).toMatchObject({ code: 'expired_key', retry: false });
    await revoke(id);
  });
}
