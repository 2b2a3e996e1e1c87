import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aggregateOf } from '#aggregates/registry.ts';
import { openServerStore } from '#platform/store/open-store.ts';
import type { Store } from '#platform/store/store.ts';
import { freePort } from '../testing/free-port.ts';
import { createNodeMember } from './create-node-member.ts';
import type { Member } from './member.ts';
import { startBrokerMember } from './start-broker-member.ts';
import { type Guard, startGuard } from './start-guard.ts';

type Service = 'ingest' | 'aggregator' | 'gateway';

export interface StackOptions {
  /** How many of each at the start; one of each when absent. */
  ingest?: number;
  aggregator?: number;
  gateway?: number;
  /** Settings of all services, over those for quick tests below. */
  env?: Record<string, string>;
  /** Called with the stack's folder before anything runs; `broker` and `store` in it are theirs. */
  prepare?: (folder: string) => Promise<void>;
}

/** Millrace as services on a real broker and the double of ClickHouse; every part is a process of its own. */
export interface Stack {
  readonly broker: Member;
  readonly store: Member;
  readonly ingest: readonly Member[];
  readonly aggregator: readonly Member[];
  readonly gateway: readonly Member[];
  /** All of them, those added since too. */
  members(): Member[];
  /** One more; resolves when it is ready. */
  add(service: Service): Promise<Member>;
  /** The Store of the stack, to be read and closed by the caller. */
  openStore(): Store;
  /** Ends everything and removes its folder. Idempotent; happens by itself when this process ends. */
  close(): Promise<void>;
}

/** Few partitions and short sessions: what moves, moves within a test. */
const QUICK = {
  MILLRACE_PARTITIONS: '4',
  MILLRACE_KAFKA_SESSION: '6s',
  MILLRACE_DRAIN: '2s',
  MILLRACE_DRAIN_SPREAD: '100ms',
  MILLRACE_LOG_LEVEL: 'info',
};

/** Starts it and resolves when all are ready; rejects with the last lines of those that are not, and leaves nothing behind. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const guard = startGuard();
  try {
    return await start(options, guard);
  } catch (error) {
    await guard.close();
    throw error;
  }
}

async function start(options: StackOptions, guard: Guard): Promise<Stack> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-services-'));
  guard.folder(folder);
  await options.prepare?.(folder);
  const store = createStoreMember(join(folder, 'store'), await freePort(), guard);
  const [broker] = await Promise.all([startBrokerMember(join(folder, 'broker'), guard), store.restart()]);
  const env = {
    ...hostEnvironment(),
    ...QUICK,
    MILLRACE_KAFKA_BROKERS: broker.url,
    MILLRACE_CLICKHOUSE_URL: store.url,
    ...options.env,
  };
  const services: Record<Service, Member[]> = { ingest: [], aggregator: [], gateway: [] };
  const add = async (part: Service): Promise<Member> => {
    const port = await freePort();
    // From here to the push nothing is awaited: names follow each other.
    const name = `${part} ${services[part].length + 1}`;
    const own = { ...env, MILLRACE_PORT: String(port) };
    const args = [`${part}/main.ts`];
    const member = createNodeMember({ part, name, port, args, env: own, readyPath: '/ready', guard });
    services[part].push(member);
    await member.restart();
    return member;
  };
  const members = (): Member[] => [broker, store, ...Object.values(services).flat()];
  const first = (part: Service) => Array.from({ length: options[part] ?? 1 }, () => part);
  await Promise.all([...first('ingest'), ...first('aggregator'), ...first('gateway')].map(add));
  return {
    broker,
    store,
    ...services,
    members,
    add,
    openStore: () => openServerStore(serverOf(store.url), { aggregateOf }),
    async close() {
      await Promise.all(members().map((member) => member.kill9()));
      await guard.close();
    },
  };
}

const createStoreMember = (folder: string, port: number, guard: Guard): Member =>
  createNodeMember({
    part: 'store',
    name: 'store',
    port,
    args: [join(import.meta.dirname, 'clickhouse-main.ts'), folder, String(port)],
    env: hostEnvironment(),
    readyPath: '/ping',
    guard,
  });

const serverOf = (url: string) => ({ url, user: '', password: '', database: 'millrace', cluster: '' });

/** What surrounds the run, without settings of Millrace. */
const hostEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('MILLRACE_'),
    ),
  );
