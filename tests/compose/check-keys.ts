import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionStatus, createClient } from '#client/index.ts';
import { eventually } from '../testing/eventually.ts';
import { awaitHealthy } from './await-healthy.ts';
import { checkScrapes } from './check-scrapes.ts';
import { compose, containersOf, docker, REPLICATED, start, startWith, URL_OF_STACK } from './compose.ts';
import { watchKey } from './watch-key.ts';

interface Made {
  id: string;
  key: string;
}

type Ask = (method: string, path: string, key: string | null, body?: object) => Promise<Response>;

const METRICS = `fetch('http://127.0.0.1:8080/metrics').then(({ status }) => console.log(status))`;

/** The stack with keys turned on by .env: which requests are refused and accepted, and how soon a revoked key stops working. */
export async function checkKeys(): Promise<string[]> {
  try {
    return await checkWith(randomBytes(24).toString('hex'));
  } finally {
    // Restores the stack without keys, for anyone who looks at it afterwards.
    await start('proxy', 'aggregator', 'demo', 'prometheus');
    await awaitHealthy();
  }
}

async function checkWith(admin: string): Promise<string[]> {
  const settings = { MILLRACE_ADMIN_KEY: admin, MILLRACE_KEY: admin };
  await startWith(settings, 'proxy', 'aggregator', 'demo');
  await awaitHealthy();
  const make = async (name: string, scope: string): Promise<Made> => {
    const answer = await ask('POST', '/v1/keys', admin, { name, scope });
    if (answer.status !== 201) throw new Error(`No key was made: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Made;
  };
  const [write, read, revoked] = [
    await make('app', 'write'),
    await make('wall', 'read'),
    await make('gone', 'read'),
  ];
  return [
    await checkScopes(write.key, read.key),
    await checkRevocation(revoked, admin),
    await checkDemo(read.key),
    ...(await checkPrometheus(settings, read.key)),
  ];
}

const ask: Ask = (method, path, key, body) =>
  fetch(URL_OF_STACK + path, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

async function checkScopes(write: string, read: string): Promise<string> {
  const event = { event: 'with_a_key' };
  const board = '/v1/boards/storefront';
  const cases: [status: number, answer: Promise<Response>, what: string][] = [
    [401, ask('POST', '/v1/events', null, event), 'an event without a key'],
    [401, ask('POST', '/v1/events', 'mr_nonsense', event), 'an event with a key that nobody made'],
    [403, ask('POST', '/v1/events', read, event), 'an event with a read key'],
    [200, ask('POST', '/v1/events', write, event), 'an event with a write key'],
    [401, ask('GET', board, null), 'a board without a key'],
    [403, ask('GET', board, write), 'a board with a write key'],
    [200, ask('GET', board, read), 'a board with a read key'],
    [403, ask('GET', '/v1/keys', read), 'the list of keys with a read key'],
    [404, ask('GET', '/metrics', read), 'measurements through the proxy'],
    [404, ask('GET', '/%6detrics', read), 'the same, spelt otherwise'],
    [200, ask('GET', '/', null), 'the page itself'],
  ];
  for (const [wanted, answer, what] of cases) {
    const { status } = await answer;
    if (status !== wanted) throw new Error(`${what}: ${status} in place of ${wanted}.`);
  }
  const all = (await Promise.all(REPLICATED.map((service) => containersOf(service)))).flat();
  const statuses = await Promise.all(all.map((id) => docker('exec', id, 'node', '-e', METRICS)));
  if (statuses.some((status) => status !== '401'))
    throw new Error(`Measurements without a key: ${statuses}.`);
  return `with keys: ${cases.length} cases as they should be; measurements of ${all.length} processes refused without one`;
}

/** A key that both gateways accept and a connection uses, until it is revoked at one of them. */
async function checkRevocation({ id, key }: Made, admin: string): Promise<string> {
  const gateways = await containersOf('gateway');
  const watched = await Promise.all(gateways.map((gateway) => watchKey(gateway, key)));
  const client = createClient({ url: URL_OF_STACK, key, onError() {} });
  try {
    const states: [at: number, link: ConnectionStatus][] = [];
    client.onConnectionChange((link) => void states.push([Date.now(), { ...link }]));
    client.subscribe({ metric: 'orders', range: '5m' }, { onChange() {} });
    await eventually(
      () => client.connection.state,
      (state) => state === 'live',
    );
    const began = Date.now();
    const { status } = await ask('DELETE', `/v1/keys/${id}`, admin);
    if (status !== 204) throw new Error(`The key was not revoked: ${status}.`);
    const times = await Promise.all(watched.map(async ({ refused }) => (await refused) - began));
    await eventually(
      () => client.connection.state,
      (state) => state === 'refused',
    );
    const sent = states.find(([at, { state }]) => at >= began && state === 'refused')![0] - began;
    return `a revoked key: refused by the gateways ${times.join(' and ')} ms after the request, its connection ended after ${sent} ms (${client.connection.refusal?.code})`;
  } finally {
    await client.close();
  }
}

/** Its key lets it send; the Log is not empty any more, so it sends what happens now. */
async function checkDemo(read: string): Promise<string> {
  const lines = async (): Promise<string> => compose('logs', '--no-color', '--tail=50', 'demo');
  await eventually(lines, (text) => text.includes('sending demo traffic to'));
  const path = '/v1/metrics/orders/series?range=1m&window=10s';
  const count = async (): Promise<number> => {
    const { series } = (await (await ask('GET', path, read)).json()) as {
      series: { values: (number | null)[] }[];
    };
    return series.flatMap(({ values }) => values).reduce<number>((sum, value) => sum + (value ?? 0), 0);
  };
  const moved = await eventually(count, (orders) => orders > 0);
  return `the demo with a key: ${moved} orders within a minute`;
}

async function checkPrometheus(settings: Readonly<Record<string, string>>, key: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-key-'));
  try {
    const file = join(folder, 'key');
    await writeFile(file, key);
    // For the user of Prometheus' image.
    await Promise.all([chmod(folder, 0o755), chmod(file, 0o644)]);
    await startWith(
      { ...settings, MILLRACE_PROMETHEUS: 'prometheus-keys', MILLRACE_PROMETHEUS_KEY: file },
      'prometheus',
    );
    return (await checkScrapes()).map((line) => `with a key, ${line}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
