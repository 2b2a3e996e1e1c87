import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Notice } from '#contracts/view/protocol.ts';
import { MESSAGE_CASES, RENEWAL_CASES } from './message-cases.ts';
import { handshake, openSocket, TRANSPORTS } from './open-socket.ts';
import { type CallerName, startWorld, type World } from './refusing-server.ts';

const WITHIN = 20_000;
let world: World;
const open: Socket[] = [];
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());
afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});

describe.each(TRANSPORTS)('over %s', (transport) => {
  const enter = async (key: string): Promise<Socket> => {
    const { socket, code } = await openSocket(world.url, transport, { auth: { key } });
    if (socket === null) throw new Error(`${code} for one who may`);
    open.push(socket);
    return socket;
  };
  const enterAs = (caller: CallerName) => enter(world.keyOf(caller)!);

  /** The code of the answer, or of the notice where an event has none. */
  const say = async (socket: Socket, event: string, payload: unknown): Promise<string> => {
    const notice = new Promise<string>((resolve) =>
      socket.once('notice', ({ code }: Notice) => resolve(code)),
    );
    const answer = socket.timeout(WITHIN).emitWithAck(event, payload) as Promise<{ error: { code: string } }>;
    return Promise.race([
      notice,
      answer.then(
        ({ error }) => error.code,
        (error) => `no answer: ${error}`,
      ),
    ]);
  };
  const serves = async (socket: Socket, metric = 'orders'): Promise<boolean> =>
    (await socket.timeout(WITHIN).emitWithAck('subscribe', { request: { metric } })).ok;

  it.each(MESSAGE_CASES)('$by, $case: $event → $code', async ({ by, event, payload, code }) => {
    const socket = await enterAs(by);
    expect(await say(socket, event, payload)).toBe(code);
    expect(await serves(socket)).toBe(true);
  });

  it.each(RENEWAL_CASES)('a reader, $case → $code', async ({ with: other, code }) => {
    const socket = await enterAs('reader');
    expect(await say(socket, 'auth', { key: world.keyOf(other) })).toBe(code);
    expect(await serves(socket)).toBe(true);
  });

  it('a key that is revoked while it is in use → revoked_key, and the end', async () => {
    const { id, key } = await world.make({ scope: 'read' });
    const [socket, other] = [await enter(key), await enterAs('reader')];
    const notice = new Promise<Notice>((resolve) => socket.once('notice', resolve));
    const ended = new Promise((resolve) => socket.once('disconnect', resolve));
    await world.revoke(id);
    expect(await notice).toMatchObject({ code: 'revoked_key', retry: false });
    await ended;
    expect(await serves(other)).toBe(true);
  });

  it('a key that expires while it is in use → expired_key, and the end', async () => {
    const { key } = await world.make({ scope: 'read', expires: new Date(Date.now() + 3_000).toISOString() });
    const socket = await enter(key);
    const notice = new Promise<Notice>((resolve) => socket.once('notice', resolve));
    const ended = new Promise((resolve) => socket.once('disconnect', resolve));
    expect(await notice).toMatchObject({ code: 'expired_key', retry: false });
    await ended;
  });

  it('more views than the limit → too_many_views', async () => {
    const socket = await enterAs('reader');
    expect([await serves(socket), await serves(socket, 'users')]).toEqual([true, true]);
    const third = { request: { metric: 'orders', range: '1m' } };
    expect(await say(socket, 'subscribe', third)).toBe('too_many_views');
  });

  it('more messages than the limit → too_many_messages', async () => {
    const socket = await enterAs('reader');
    const notice = new Promise<string>((resolve) =>
      socket.once('notice', ({ code }: Notice) => resolve(code)),
    );
    for (let i = 0; i < 200; i++) socket.emit('unsubscribe', { view: 'none' });
    expect(await notice).toBe('too_many_messages');
  });

  it('a message over the limit ends that connection, and no other', async () => {
    const [socket, other] = [await enterAs('reader'), await enterAs('reader')];
    const ended = new Promise((resolve) => socket.once('disconnect', resolve));
    socket.emit('subscribe', { request: { metric: 'x'.repeat(50_000) } });
    await ended;
    expect(await serves(other)).toBe(true);
  });

  it.each([
    ['a number', { key: 7 }],
    ['a list', { key: ['a'] }],
    ['nothing', { key: '' }],
    ['a secret of 5 kB', { key: 'x'.repeat(5_000) }],
    ['a prototype', { __proto__: { key: 'x' } }],
  ])('a key that is %s → not let in', async (_, auth) => {
    const { code } = await openSocket(world.url, transport, { auth });
    expect(['invalid_key', 'invalid_message', 'missing_key']).toContain(code);
  });

  it('a key in the address of the handshake → key_in_url', async () => {
    const query = '&key=mr_0123456789ab_0123456789abcdef';
    expect(await handshake(world.url, transport, {}, query)).toBe('key_in_url');
  });
});
