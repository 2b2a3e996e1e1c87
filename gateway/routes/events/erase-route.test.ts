import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MillraceError } from '#contracts/errors.ts';
import { createLogger, type Logger } from '#platform/process/reporting/logger.ts';
import { sampleCommit, sampleEvent } from '#platform/store/testing/store-samples.ts';
import { startGateway, type TestGateway } from '../../testing/start-gateway.ts';
import { runErasure } from './run-erasure.ts';

const DAY = 86_400_000;

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startGateway({}, { keysNeeded: true });
});
afterEach(() => gateway.close());

const call = async (query: string, key: string) => {
  const headers = { authorization: `Bearer ${key}` };
  const answer = await fetch(`${gateway.url}/v1/events${query}`, { method: 'DELETE', headers });
  return { status: answer.status, body: await answer.json() };
};
const admin = async (): Promise<string> => (await gateway.makeKey({ scope: 'admin' })).key;
const append = (partition: number) =>
  gateway.log.append('events', partition, [{ key: null, value: Buffer.from('{"event":"x"}'), headers: {} }]);

it('removes the events of a key, and says what stays', async () => {
  await gateway.define('orders', { event: 'order', aggregate: 'count' });
  await gateway.define('all', { event: '*', aggregate: 'count' });
  await gateway.define('visits', { event: ['visit'], aggregate: 'count' });
  await gateway.store.insertEvents([
    sampleEvent({ offset: 0, key: 'u 42' }),
    sampleEvent({ offset: 1, key: 'u 43', event: 'visit' }),
    sampleEvent({ offset: 2, key: null, event: 'visit' }),
  ]);
  const key = await admin();
  const begun = Date.now();
  const { status, body } = await call('?key=u%2042', key);
  expect(status).toBe(200);
  expect(body).toEqual({
    removed: 1,
    before: expect.any(Number),
    logUntil: body.before + DAY,
    metrics: ['all', 'orders'],
  });
  expect(body.before).toBeGreaterThanOrEqual(begun);
  expect(await gateway.store.countEvents()).toBe(2);
  expect((await call('?key=u%2042', key)).body).toMatchObject({ removed: 0, metrics: [] });
});

it('is for admins, and needs one key and nothing else', async () => {
  const reader = await gateway.makeKey({ scope: ['read', 'write', 'import'] });
  expect(await call('?key=k', reader.key)).toMatchObject({ status: 403, body: { code: 'forbidden_scope' } });
  const key = await admin();
  for (const [query, field] of [
    ['', 'key'],
    ['?key=', 'key'],
    ['?key=a&key=b', 'key'],
    ['?key=a&event=b', 'event'],
  ])
    expect(await call(query!, key)).toMatchObject({
      status: 400,
      body: { code: 'invalid_parameter', field },
    });
});

/** The erasure with everything it depends on; `wait` is called before each further try. */
const erase = (wait: () => Promise<void>, logger: Logger = createLogger('silent', 'test')) => {
  const { log, store, catalog } = gateway;
  const backoff = { attempts: 3, first: 1, most: 1, random: () => 0, wait };
  return runErasure({ key: 'k', caller: 'me' }, { log, store, catalog, clock: () => 5, logger }, backoff);
};

it('waits for what was accepted before it and is not archived yet', async () => {
  await append(0);
  await append(1);
  await gateway.store.insertCommits([sampleCommit(0, 1)]);
  const waits: number[] = [];
  const wait = async (): Promise<void> => {
    waits.push(await gateway.store.countEvents());
    if (waits.length < 2) return;
    await gateway.store.insertEvents([sampleEvent({ part: 1, key: 'k' })]);
    await gateway.store.insertCommits([sampleCommit(1, 1)]);
  };
  expect(await erase(wait)).toMatchObject({ removed: 1, before: 5 });
  expect(waits).toEqual([0, 0]);
});

it('removes nothing where they do not come', async () => {
  await append(1);
  await gateway.store.insertEvents([sampleEvent({ part: 0, key: 'k' })]);
  const refusal = {
    code: 'overloaded',
    message: expect.stringMatching(/partition 1 is stored up to 0, and 1 is/),
  };
  await expect(erase(async () => {})).rejects.toThrow(expect.objectContaining(refusal));
  expect(await gateway.store.countEvents()).toBe(1);
});

it('is logged with who asked, and with the key as a hash that another log would not make', async () => {
  const lines: object[] = [];
  const logger = Object.assign(createLogger('silent', 'test'), {
    info: (line: object) => void lines.push(line),
  });
  await erase(async () => {}, logger);
  expect(lines).toEqual([{ caller: 'me', keyHash: expect.stringMatching(/^[0-9a-f]{32}$/), removed: 0 }]);
});

it('a Store that fails is told of without the key, though the engine has quoted it', async () => {
  const message = "Memory limit exceeded: while executing WHERE key = 'k'";
  const cause = new Error(message);
  gateway.store.eraseEvents = async () => {
    throw new MillraceError({ code: 'store_unavailable', message }, { cause });
  };
  const failed = await erase(async () => {}).catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 'store_unavailable', message: expect.stringContaining("'…'") });
  expect(inspect(failed)).not.toContain("'k'");
});
