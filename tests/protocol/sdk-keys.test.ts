import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { GivenKey } from '#client/host/key-source.ts';
import { createClient } from '#client/index.ts';
import { createRecorder, type Recorder } from '#client/testing/recorder.ts';
import type { Client, ConnectionStatus } from '#client/types.ts';
import { OPERATOR, startWorld, type World } from '../negative/refusing-server.ts';
import { totals } from './raw-client.ts';
import { until } from './subject.ts';

let world: World;
let client: Client;
let errors: unknown[];
let links: ConnectionStatus['state'][];
let sent = 0;

beforeAll(async () => {
  world = await startWorld();
});
afterEach(() => client.close());
afterAll(() => world.close());

const READER = { name: 'reader', scope: 'read' };

describe.each(['websocket', 'polling'] as const)('a client over %s', (transport) => {
  const open = (key: GivenKey, metric = 'orders'): Recorder => {
    [errors, links] = [[], []];
    const environment = { random: () => 0.05 };
    client = createClient({
      url: world.url,
      key,
      transports: [transport],
      onError: (e) => errors.push(e),
      environment,
    });
    client.onConnectionChange(({ state }) => links.push(state));
    const view = createRecorder();
    client.subscribe({ metric }, view);
    return view;
  };
  const isLive = (): Promise<void> => until(() => expect(client.connection.state).toBe('live'));
  const isRefused = (code: string): Promise<void> =>
    until(() =>
      expect(client.connection).toMatchObject({ state: 'refused', transport: null, refusal: { code } }),
    );
  /** One more order, which the view shows. */
  const follows = async (view: Recorder): Promise<void> => {
    const headers = { authorization: `Bearer ${OPERATOR}` };
    const body = '{"event":"order"}';
    expect((await fetch(`${world.url}/v1/events`, { method: 'POST', headers, body })).status).toBe(200);
    sent++;
    await until(() => expect(Object.values(totals(view.contents!))).toEqual([sent]));
  };

  it('goes on with another key over the same connection, and its views with it', async () => {
    const [first, second] = [await world.make(READER), await world.make(READER)];
    const view = open(first.key);
    await follows(view);
    const known = view.changes.length;
    client.setKey(second.key);
    await follows(view);
    await world.revoke(first.id);
    await follows(view);
    expect(links.filter((state) => state !== 'live')).not.toContain('reconnecting');
    // No answer to another question among them: the view was never asked for again.
    expect(view.changes.slice(known)).not.toContain(null);
    expect([view.refusals, errors]).toEqual([[], []]);
  });

  it('is refused for good once its key is revoked, says why, and is live again with another', async () => {
    const { id, key } = await world.make(READER);
    const view = open(key);
    await follows(view);
    await world.revoke(id);
    await isRefused('revoked_key');
    expect(view.refusals).toMatchObject([{ code: 'revoked_key', retry: false }]);
    expect(client.connection).toMatchObject({ nextTryAt: null, attempt: 0 });
    expect(errors).toEqual([]);
    client.setKey((await world.make(READER)).key);
    await isLive();
    expect(client.connection.refusal).toBeNull();
    await follows(view);
  });

  it('is refused once the key is revoked that it went on with', async () => {
    const [first, second] = [await world.make(READER), await world.make(READER)];
    const view = open(first.key);
    await follows(view);
    client.setKey(second.key);
    await follows(view);
    // Asked for over the same connection after the key was, and answered.
    const later = createRecorder();
    client.subscribe({ metric: 'orders', range: '1m' }, later);
    await until(() => expect(later.contents).not.toBeNull());
    await world.revoke(second.id);
    await isRefused('revoked_key');
    client.setKey(OPERATOR);
    await follows(view);
  });

  it.each([
    [null, 'missing_key'],
    ['no-key-at-all', 'invalid_key'],
  ])('that comes with the key %j is told %s, once, and tries no more', async (key, code) => {
    const view = open(key);
    await isRefused(code);
    expect(client.connection).toMatchObject({ nextTryAt: null, attempt: 0 });
    const later = createRecorder();
    client.subscribe({ metric: 'orders', range: '1m' }, later);
    await until(() => expect(later.refusals).toMatchObject([{ code }]));
    // Another client that came later was let in meanwhile.
    const other = createClient({ url: world.url, key: OPERATOR, transports: [transport] });
    other.onHeartbeat(() => {});
    await until(() => expect(other.connection.state).toBe('live'));
    await other.close();
    expect(links.filter((state) => state === 'refused')).toHaveLength(1);
    expect(view.refusals).toMatchObject([{ code }]);
    client.setKey(OPERATOR);
    await follows(view);
  });

  it('takes the key that is set while the one before is refused', async () => {
    const view = open('too-old');
    client.setKey(OPERATOR);
    await follows(view);
    expect(links).not.toContain('refused');
  });

  it('asks a function for another key, at its entry and when the first counts no more', async () => {
    const { id, key } = await world.make(READER);
    let now = 'too-old';
    const view = open(async () => {
      const given = now;
      if (now === 'too-old') now = key;
      return given;
    });
    await follows(view);
    now = OPERATOR;
    await world.revoke(id);
    await until(() => expect(links).toContain('reconnecting'));
    await follows(view);
    expect([links.includes('refused'), view.refusals, errors]).toEqual([false, [], []]);
  });

  it('stays live where the function fails, and comes back by the key it had', async () => {
    const { key } = await world.make(READER);
    let fails = false;
    const view = open(() => {
      if (fails) throw new Error('signed out');
      return key;
    });
    await follows(view);
    fails = true;
    client.setKey(() => {
      throw new Error('signed out');
    });
    await until(() => expect(errors).toMatchObject([{ message: 'signed out' }]));
    await follows(view);
    expect(client.connection.state).toBe('live');
  });

  it('keeps the key it has where another is not taken in band, and reports that', async () => {
    const view = open((await world.make(READER)).key);
    await follows(view);
    client.setKey('no-key-at-all');
    await until(() => expect(errors).toMatchObject([{ code: 'invalid_key' }]));
    await follows(view);
    expect(JSON.stringify(errors) + String(errors[0])).not.toContain('no-key-at-all');
  });

  it('opens what the key before could not', async () => {
    const view = open(world.keyOf('limited reader'), 'users');
    await until(() => expect(view.refusals).toMatchObject([{ code: 'forbidden_metric' }]));
    client.setKey(OPERATOR);
    await until(() => expect(view.contents).not.toBeNull());
    expect(links).not.toContain('reconnecting');
  });

  it('forgets its key where it is given none', async () => {
    const view = open(OPERATOR);
    await follows(view);
    client.setKey(null);
    await isRefused('missing_key');
    client.setKey(OPERATOR);
    await follows(view);
  });
});
