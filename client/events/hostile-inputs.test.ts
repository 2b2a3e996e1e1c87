import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createClient } from '../index.ts';
import { type EventsServer, startEventsServer } from '../testing/events-server.ts';
import { createMemoryStorage } from '../testing/fake-storage.ts';
import type { Client, ClientOptions } from '../types.ts';

let server: EventsServer;
const strays: unknown[] = [];
/** The values cannot all be shown: the seed and the error tell what is needed. */
const reporter = <T>({ failed, seed, errorInstance }: fc.RunDetails<T>): void => {
  if (failed) throw new Error(`With seed ${seed}.`, { cause: errorInstance });
};
const stray = (error: unknown): void => void strays.push(error);

beforeEach(async () => {
  server = await startEventsServer();
  strays.length = 0;
  process.on('unhandledRejection', stray);
  process.on('uncaughtException', stray);
});
afterEach(() => {
  server.close();
  process.off('unhandledRejection', stray);
  process.off('uncaughtException', stray);
});

const thrower = (): never => {
  throw Object.create(null);
};
const cycle: Record<string, unknown> = {};
cycle.self = cycle;
const deep = (levels: number): unknown => {
  let value: unknown = 1;
  for (let i = 0; i < levels; i++) value = [value];
  return value;
};

/** Boxes a value that throws when it is inspected, even by the generator, until it is handed over. */
class Box {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}
const HOSTILE: readonly unknown[] = [
  undefined,
  null,
  Symbol('s'),
  1n,
  cycle,
  deep(20_000),
  new Date(Number.NaN),
  new Map([['a', 1]]),
  { toJSON: thrower },
  { toString: thrower, valueOf: thrower },
  Object.assign(() => 1, { toString: thrower }),
  {
    get a() {
      return thrower();
    },
  },
  new Proxy({}, { get: thrower, ownKeys: thrower, has: thrower }),
  JSON.parse('{"__proto__":{"a":1},"constructor":1}'),
  '\ud800',
  'x'.repeat(10_000_000),
  new URL('http://127.0.0.1'),
  Promise.resolve('late'),
];

/** Storage whose answers are promises. */
const late = (text: string) => ({
  getItem: async () => text,
  setItem: async () => thrower(),
  removeItem: async () => thrower(),
});

/** What JavaScript can hand over, whatever the types say. */
const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withSparseArray: true }),
  fc.nat(HOSTILE.length - 1).map((i) => new Box(HOSTILE[i])),
);
function unbox(value: unknown): unknown {
  if (value instanceof Box) return value.value;
  const isRecord =
    typeof value === 'object' &&
    value !== null &&
    [Object.prototype, null].includes(Object.getPrototypeOf(value));
  if (!isRecord) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, held]) => [name, held instanceof Box ? held.value : held]),
  );
}
const oneOf = (good: fc.Arbitrary<unknown>) => fc.oneof(good, anything);

/** Returns the result of the call; null where it throws a `TypeError`. Any other exception fails the test. */
function attempt<T>(call: () => T): T | null {
  try {
    return call();
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return null;
  }
}

/** Options that can be used, each with a behaviour that hurts. */
const USABLE: Record<string, readonly unknown[]> = {
  url: ['http://127.0.0.1:1', 'https://127.0.0.1:1/deep/', new URL('http://127.0.0.1:1')],
  key: ['k', '', 'ü', null, () => 'k', thrower, async () => thrower(), () => 5],
  transports: [['polling'], ['websocket', 'websocket']],
  onError: [() => {}, thrower, async () => thrower()],
  storage: [null, { getItem: thrower, setItem: thrower, removeItem: thrower }, { ...late('x') }],
  environment: [
    {},
    { beacon: thrower },
    { id: thrower },
    { fetch: thrower },
    { fetch: () => 5 },
    { clock: () => Number.NaN },
  ],
};
const UNUSABLE: Record<string, readonly unknown[]> = {
  url: ['localhost:1', 'ws://h', 'http://u:p@h', '', '/', 'http://', 'http://h:99999', null],
  key: [5, {}, []],
  transports: [[], ['udp'], 'polling', new Set(['polling'])],
  onError: [5, null, 'log'],
  storage: [{}, { getItem: thrower }, 5],
  environment: [{ beacon: 1 }, 5, null],
};
const option = (values: Record<string, readonly unknown[]>, name: string) =>
  fc.nat(values[name]!.length - 1).map((i) => new Box(values[name]![i]));
const usable = fc.record(
  Object.fromEntries(Object.keys(USABLE).map((name) => [name, option(USABLE, name)])),
  { requiredKeys: ['url'] },
);

it('takes what can be used, whatever it does later', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  const clients: Client[] = [];
  fc.assert(
    fc.property(usable, (options) => {
      const client = createClient(unbox(options) as ClientOptions);
      clients.push(client);
      client.track('a').catch(() => {});
      client.subscribe({ metric: 'm' }, { onChange: thrower, onRefused: thrower });
      client.onConnectionChange(thrower);
    }),
    { numRuns: 100, reporter },
  );
  await Promise.all(clients.map((client) => client.close()));
  expect(clients).toHaveLength(100);
  expect(strays).toEqual([]);
  log.mockRestore();
});

it('throws a TypeError at once for what cannot be used', () => {
  const names = Object.keys(UNUSABLE);
  const one = fc.constantFrom(...names).chain((name) => fc.tuple(fc.constant(name), option(UNUSABLE, name)));
  fc.assert(
    fc.property(usable, one, (options, [name, bad]) => {
      const given = { ...(unbox(options) as object), [name]: bad.value } as ClientOptions;
      expect(() => createClient(given)).toThrow(TypeError);
    }),
    { reporter },
  );
});

it('takes any options at all or throws a TypeError', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  const clients: (Client | null)[] = [];
  const anyOption = fc
    .constantFrom(...Object.keys(USABLE))
    .chain((name) => fc.tuple(fc.constant(name), anything));
  fc.assert(
    fc.property(fc.oneof(fc.tuple(usable, anyOption), anything), (given) => {
      let options = unbox(given);
      if (Array.isArray(given) && given.length === 2 && Array.isArray(given[1]))
        options = { ...(unbox(given[0]) as object), [String(given[1][0])]: unbox(given[1][1]) };
      clients.push(attempt(() => createClient(options as ClientOptions)));
    }),
    { numRuns: 300, reporter },
  );
  await Promise.all(clients.map((client) => client?.close()));
  expect(strays).toEqual([]);
  log.mockRestore();
});

it('tracks anything: the promise resolves, or rejects with a code, and the call itself never throws', async () => {
  const errors: unknown[] = [];
  const client = createClient({ url: server.url, onError: (error) => errors.push(error) });
  const sent: Promise<unknown>[] = [];
  const event = fc.tuple(
    oneOf(fc.constant('a')),
    anything,
    fc.oneof(anything, fc.record({ timestamp: anything, id: anything })),
  );
  fc.assert(
    fc.property(event, (args) => {
      sent.push(client.track(...(args.map(unbox) as Parameters<Client['track']>)));
    }),
    { numRuns: 500, reporter },
  );
  const outcomes = await Promise.allSettled(sent);
  const codes = new Set(outcomes.map((o) => (o.status === 'rejected' ? o.reason.code : 'sent')));
  for (const code of codes) expect(['event_too_large', 'sent', 'wrong_type']).toContain(code);
  expect(codes.size).toBeGreaterThan(1);
  await client.close();
  expect(strays).toEqual([]);
});

it('subscribes to anything or throws a TypeError', async () => {
  const client = createClient({ url: server.url, onError() {} });
  const request = fc.record(
    { metric: oneOf(fc.constant('m')), where: anything, groupBy: anything, window: anything },
    { requiredKeys: ['metric'] },
  );
  const listener = fc.record(
    { onChange: fc.constantFrom<unknown>(() => {}, 1), onInfo: anything },
    { requiredKeys: [] },
  );
  const calls = fc.tuple(fc.oneof(request, anything), fc.oneof(listener, anything));
  fc.assert(
    fc.property(calls, (boxed) => {
      const [asked, told] = boxed.map(unbox);
      attempt(() => client.subscribe(asked as never, told as never))?.close();
      for (const name of ['tail', 'onHeartbeat', 'onConnectionChange', 'setKey'] as const)
        if (typeof told !== 'function') attempt(() => client[name](told as never));
    }),
    { numRuns: 300, reporter },
  );
  await client.close();
  expect(strays).toEqual([]);
});

it('is not held by a long text in place of an object', () => {
  const client = createClient({ url: server.url });
  const where = 'x'.repeat(10_000_000) as never;
  expect(() => client.subscribe({ metric: 'm', where }, { onChange() {} })).toThrow(TypeError);
  expect(() => createClient({ url: server.url, environment: where })).toThrow(TypeError);
});

it('outlives listeners that throw or reject', async () => {
  const errors: unknown[] = [];
  const client = createClient({ url: 'http://127.0.0.1:1', onError: (error) => errors.push(error) });
  client.onConnectionChange(() => thrower());
  client.onConnectionChange(async () => thrower());
  client.subscribe({ metric: 'm' }, { onChange: async () => thrower() });
  await vi.waitFor(() => expect(errors.length).toBeGreaterThan(1));
  await client.close();
  expect(strays).toEqual([]);
});

it('is not held by an onError that causes another error each time', async () => {
  let told = 0;
  const client: Client = createClient({
    url: server.url,
    onError() {
      told++;
      void client.track('again', cycle);
    },
  });
  void client.track('first', cycle);
  await new Promise((resolve) => setTimeout(resolve));
  expect(told).toBe(100);
  await client.track('well');
  expect(server.requests.flat()).toMatchObject([{ event: 'well' }]);
  await client.close();
});

it('outlives storage that returns promises, and one that rejects', async () => {
  const errors: unknown[] = [];
  const memory = createMemoryStorage();
  const late = async (): Promise<never> => thrower();
  const storage = { ...memory, getItem: late, setItem: late, removeItem: late } as never;
  const client = createClient({ url: server.url, storage, onError: (error) => errors.push(error) });
  await client.track('a');
  await client.close();
  await vi.waitFor(() => expect(errors.length).toBeGreaterThan(0));
  expect(strays).toEqual([]);
});

it('lets no event that is far too large drive out those that wait', async () => {
  server.away = true;
  const client = createClient({ url: server.url, onError() {} });
  const sent = client.track('small');
  await expect(client.track('large', { text: 'x'.repeat(6_000_000) })).rejects.toMatchObject({
    code: 'event_too_large',
  });
  server.away = false;
  await sent;
  expect(client.dropped).toBe(0);
  await client.close();
});
