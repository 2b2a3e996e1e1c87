import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { fetchRaw, openSocket, TRANSPORTS } from './open-socket.ts';
import { startWorld, type World } from './refusing-server.ts';

/** Its name is in no output that a key for `orders` alone can get. */
const SECRET = 'zebra_margin';
/** So similar that a suggestion of names would include it. */
const NEAR = ['zebra_margi', 'zebra_marginn'.slice(1), 'zebar_margin', 'zebra-margin'];
/** As long, and not defined. */
const ABSENT = 'zebra_morgin';
const JSON_BODY = { 'content-type': 'application/json' };

let world: World;
let bound: Record<string, string>;
beforeAll(async () => {
  world = await startWorld();
  const admin = { authorization: `Bearer ${world.keyOf('operator')}` };
  bound = { authorization: `Bearer ${world.keyOf('limited reader')}` };
  const put = await fetch(`${world.url}/v1/metrics/${SECRET}`, {
    method: 'PUT',
    headers: { ...admin, ...JSON_BODY },
    body: JSON.stringify({ event: 'order', aggregate: 'count', window: '1s', lateness: '1s' }),
  });
  expect(put.status).toBe(201);
  const post = async (timestamp: number): Promise<void> => {
    const body = JSON.stringify({ event: 'order', timestamp });
    await fetch(`${world.url}/v1/events`, { method: 'POST', headers: { ...admin, ...JSON_BODY }, body });
  };
  const read = async (path: string): Promise<string> =>
    (await fetch(`${world.url}${path}`, { headers: admin })).text();
  // Late events are counted by metric; nothing is late before the others have gone on.
  const began = Date.now();
  await eventually(
    async () => {
      await post(Date.now());
      return JSON.parse(await read(`/v1/metrics/${SECRET}/series`)) as { watermark: number | null };
    },
    ({ watermark }) => watermark !== null && watermark > began,
  );
  await eventually(
    async () => {
      await post(began - 600_000);
      return read('/metrics');
    },
    (text) => text.includes(`metric="${SECRET}"`),
  );
});
afterAll(() => world?.close());

/** Every address of the interface, as the description has it, with the ids of `names` in it. */
async function addresses(names: readonly string[]): Promise<string[]> {
  const { paths } = (await (await fetch(`${world.url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).flatMap((method) =>
      (path.includes('{id}') ? names : ['']).map(
        (id) => `${method.toUpperCase()} ${path.replace('{id}', id)}`,
      ),
    ),
  );
  // Boards are read whole: what a panel asks for is no secret.
  return all.filter((request) => !request.includes('/v1/boards'));
}

const VARIANTS: Record<string, string>[] = [
  {},
  { accept: 'application/yaml' },
  { 'if-none-match': '*' },
  { 'if-match': '"0"' },
  { accept: 'application/openmetrics-text' },
];

const ask = async (request: string, headers: Record<string, string>, body?: string) => {
  const [method, path] = request.split(' ') as [string, string];
  const { status, text } = await fetchRaw(`${world.url}${path}`, { ...bound, ...headers }, method, body);
  return `${status} ${text}`;
};

describe('a key for one metric learns the name of no other', () => {
  it('over HTTP, at any address, by any method, with similar names', async () => {
    for (const request of await addresses(['orders', ...NEAR])) {
      const isWrite = /^(PUT|POST)/.test(request);
      for (const headers of VARIANTS) {
        const given = isWrite ? { ...headers, ...JSON_BODY } : headers;
        expect(await ask(request, given, isWrite ? '{}' : undefined), request).not.toContain(SECRET);
      }
    }
    for (const query of ['groupBy=x', 'range=1000d', 'since=x', 'nope=1', 'wait=1s&since=x', 'where=%7B'])
      for (const id of ['orders', ...NEAR])
        expect(await ask(`GET /v1/metrics/${id}/series?${query}`, {}), query).not.toContain(SECRET);
  });

  it('and not whether a requested name exists', async () => {
    const [there, absent] = [await addresses([SECRET]), await addresses([ABSENT])];
    const named = there.map((request, i) => [request, absent[i]!] as const).filter(([a, b]) => a !== b);
    expect(named.length).toBeGreaterThan(3);
    for (const [one, other] of named) {
      const isWrite = one.startsWith('PUT');
      for (const headers of VARIANTS) {
        const given = isWrite ? { ...headers, ...JSON_BODY } : headers;
        const [found, missing] = [
          await ask(one, given, isWrite ? '{}' : undefined),
          await ask(other, given, isWrite ? '{}' : undefined),
        ];
        expect(found.replaceAll(SECRET, ABSENT)).toBe(missing);
      }
    }
  });

  it.each(TRANSPORTS)('over a socket by %s', async (transport) => {
    const { socket } = await openSocket(world.url, transport, { headers: bound });
    const heard: string[] = [];
    socket!.onAny((...message: unknown[]) => heard.push(JSON.stringify(message)));
    const say = async (event: string, payload: object): Promise<string> =>
      JSON.stringify(await socket!.timeout(10_000).emitWithAck(event, payload));
    for (const metric of ['orders', ...NEAR]) {
      heard.push(await say('subscribe', { request: { metric } }));
      heard.push(await say('subscribe', { request: { metric, groupBy: ['x'], range: '1000d' } }));
    }
    const there = await say('subscribe', { request: { metric: SECRET } });
    expect(there.replaceAll(SECRET, ABSENT)).toBe(await say('subscribe', { request: { metric: ABSENT } }));
    socket!.emit('tail', { on: true });
    // Status, views and late events are sent once a second.
    await eventually(
      async () => heard.filter((text) => text.startsWith('["beat"')).length,
      (beats) => beats >= 3,
    );
    expect(heard.some((text) => text.includes('"orders"'))).toBe(true);
    for (const text of heard) expect(text).not.toContain(SECRET);
    socket!.close();
  });
});

it('one for all metrics, and the operator, see the measurements of each', async () => {
  for (const by of ['reader', 'operator'] as const) {
    const headers = { authorization: `Bearer ${world.keyOf(by)}` };
    const { text } = await fetchRaw(`${world.url}/metrics`, headers);
    expect(text).toContain(`metric="${SECRET}"`);
  }
});
