import type { AddressInfo } from 'node:net';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { aggregateOf } from '#aggregates/registry.ts';
import type { Definition } from '#contracts/log/definition-record.ts';
import { topics } from '#contracts/log/topics.ts';
import { encodeUpdate, type PartitionProgress, type Update } from '#contracts/log/update.ts';
import { createKeyring } from '#platform/access/keyring.ts';
import { openCatalog } from '#platform/definitions/open-catalog.ts';
import { createHostNames } from '#platform/http/callers/host-names.ts';
import { createServer, type ServerSettings } from '#platform/http/server.ts';
import { createBudgets } from '#platform/limits/budgets.ts';
import { createMemoryLog } from '#platform/log/local/memory-log.ts';
import type { Log } from '#platform/log/log.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import { createWarnings } from '#platform/process/reporting/warnings.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { createMemoryStore } from '#platform/store/memory/memory-store.ts';
import type { Store } from '#platform/store/store.ts';
import { buildGateway } from '../app.ts';
import type { GatewayDeps, GatewaySettings } from '../deps.ts';

export const PARTITIONS = 2;
const NAMES = { host: '127.0.0.1', hosts: '' };
/** A bench holds all its clients from one address. */
const { limits, ingest } = readSettings({ MILLRACE_TCP_PER_ADDRESS: '1000000' });
const HTTP: ServerSettings = { ...NAMES, drain: 1_000, proxies: 0, limits };
const SETTINGS: GatewaySettings = {
  views: 20,
  connections: 100,
  connectionsPerAddress: 100,
  connectionsPerKey: 100,
  handshakes: 1_000,
  handshakesPerAddress: 1_000,
  messageBytes: 20_000,
  credit: 65_536,
  frame: 20,
  definitions: 10,
  definitionBytes: 262_144,
  allDefinitionBytes: 8_000_000,
  keys: 10,
  cells: 100_000,
  hotBytes: 100_000_000,
  viewBytes: 100_000_000,
  viewBytesPerKey: 50_000_000,
  viewBytesPerConnection: 25_000_000,
  viewCells: 100_000,
  readRows: 1_000_000,
  answers: 1_000,
  messages: 500,
  waiting: 100,
  spread: 100,
  horizon: 3_600_000,
  proxies: 0,
  accepts: ingest,
};

export type TestGateway = Awaited<ReturnType<typeof startGateway>>;
type Cell = { pane: number; group: string[]; part?: string; count: number; next: number };

/** The operator's key of a gateway that needs keys. */
export const ADMIN = 'the-operator-of-a-test';
/** Returns the header of a key; no header where no key is needed. */
const headersOf = (key: string | null): Record<string, string> =>
  key === null ? {} : { authorization: `Bearer ${key}` };

interface Overrides extends Partial<GatewayDeps> {
  http?: Partial<ServerSettings>;
  /** Whether a key is needed; ADMIN is the operator's then. */
  keysNeeded?: boolean;
  wrapStore?: (store: Store) => Store;
  wrapLog?: (log: Log) => Log;
  /** The log as the catalog of definitions has it. */
  wrapDefinitions?: (log: Log) => Log;
}

/** The facts that an aggregator publishes of its partitions. */
const factsOf = (asOf: number, more: Partial<PartitionProgress>): Update => ({
  kind: 'facts',
  partitions: Array.from({ length: PARTITIONS }, (_, partition) => ({
    partition,
    next: 0,
    committed: 0,
    watermark: null,
    asOf,
    shown: asOf,
    ...more,
  })),
});

/** A gateway on memory adapters behind a real port, and an aggregator that does what the test says. */
export async function startGateway(settings: Partial<GatewaySettings> = {}, overrides: Overrides = {}) {
  const { keysNeeded = false, log: shared } = overrides;
  const log = shared ?? (await openMemoryLog());
  const plain = createMemoryStore({ aggregateOf });
  const store = overrides.wrapStore?.(plain) ?? plain;
  const logger = createLogger('silent', 'gateway');
  const metrics = createMetrics(false);
  const catalog = await openCatalog(overrides.wrapDefinitions?.(log) ?? log, { logger, metrics });
  const masters = keysNeeded ? [{ id: 'admin', key: ADMIN }] : [];
  const clock = overrides.clock ?? Date.now;
  const keyring = overrides.keyring ?? createKeyring({ needed: keysNeeded, masters }, catalog.catalog, clock);
  const gateway = buildGateway(
    { ...SETTINGS, ...settings },
    {
      store,
      catalog,
      keyring,
      clock,
      logger,
      metrics,
      budgets: createBudgets(metrics),
      warnings: createWarnings({ clock, logger }),
      ...createHostNames(NAMES),
      staticFolder: null,
      clientFile: null,
      ...overrides,
      log: overrides.wrapLog?.(log) ?? log,
    },
  );
  const server = createServer(
    { ...HTTP, ...overrides.http },
    { logger, metrics, keyring, ready: gateway.ready },
  );
  await server.register(gateway.routes);
  gateway.attach(server.server);
  await server.listen({ host: '127.0.0.1', port: 0 });
  const operator = keysNeeded ? ADMIN : null;
  const url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  const sockets: Socket[] = [];
  const append = async (update: Update): Promise<number> => {
    const [offset] = await log.append('updates', 0, [
      { key: null, value: Buffer.from(encodeUpdate(update)), headers: {} },
    ]);
    return offset!;
  };
  return {
    url,
    log,
    store: plain,
    catalog,
    metrics,
    gateway,
    server: server.server,
    append,
    /** Publishes the facts of an aggregator; `asOf` moves the range of every view. */
    facts: (asOf: number, more: Partial<PartitionProgress> = {}) => append(factsOf(asOf, more)),
    cells: (metric: string, version: number, cells: Cell[]) =>
      append({ kind: 'cells', metric, version, received: Date.now(), cells: cells.map(toCell) }),
    define: (id: string, body: object) =>
      define({ url, key: operator }, id, body, () => catalog.catalog.metrics.get(id)!),
    makeKey: (grant: object) => makeKey({ url, key: operator }, grant),
    revoke: (id: string) => call({ url, key: operator }, 'DELETE', `/v1/keys/${id}`),
    connect(options: Partial<ManagerOptions & SocketOptions> = {}): Socket {
      const socket = io(url, { transports: ['websocket'], reconnection: false, forceNew: true, ...options });
      sockets.push(socket);
      return socket;
    },
    async close() {
      for (const socket of sockets) socket.close();
      await gateway.drain();
      await server.close();
      await catalog.close();
      if (shared === undefined) await log.close();
    },
  };
}

export async function openMemoryLog(): Promise<Log> {
  const log = createMemoryLog();
  await log.ensureTopics(topics(PARTITIONS));
  return log;
}

const toCell = ({ pane, group, part = '0', count, next }: Cell) => ({
  pane,
  group,
  part,
  state: { nums: [], keys: [], counts: [count] },
  next,
});

interface Operator {
  url: string;
  key: string | null;
}

async function call({ url, key }: Operator, method: string, path: string, body?: object): Promise<Response> {
  const answer = await fetch(url + path, {
    method,
    headers: { ...headersOf(key), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer;
}

async function define(to: Operator, id: string, body: object, found: () => Definition): Promise<Definition> {
  await call(to, 'PUT', `/v1/metrics/${id}`, body);
  return found();
}

/** A key for a grant, of scope read where it does not say. */
async function makeKey(from: Operator, grant: object): Promise<{ id: string; key: string }> {
  const answer = await call(from, 'POST', '/v1/keys', { name: 'test', scope: 'read', ...grant });
  return (await answer.json()) as { id: string; key: string };
}
