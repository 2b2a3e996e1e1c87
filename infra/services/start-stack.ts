import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aggregateOf } from '#aggregates/registry.ts';
import { openServerStore } from '#platform/store/open-store.ts';
import type { Store } from '#platform/store/store.ts';
import { freePort } from '../testing/free-port.ts';
import type { Member } from './member.ts';
import { startBrokerMember } from './start-broker-member.ts';
import { startGuard } from './start-guard.ts';
import { createNodeMember } from './start-node-member.ts';

type Service = 'ingest' | 'aggregator' | 'gateway';

export interface StackOptions {
  /** How many of each at the start; one of each when absent. */
  ingest?: number;
  aggregator?: number;
  gateway?: number;
  /** Settings of all services, over those for quick tests below. */
  env?: Record<string, string>;
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

/** Starts it and resolves when all are ready; rejects with the last lines of who is not, and leaves nothing behind. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const guard = startGuard();
  try {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-services-'));
    guard.folder(folder);
    const storePort = await freePort();
    const double = [
      join(import.meta.dirname, 'clickhouse-main.ts'),
      join(folder, 'store'),
      String(storePort),
    ];
    const common = { env: hostEnvironment(), guard };
    const store = createNodeMember({
      ...{ ...common, part: 'store', name: 'store', port: storePort, args: double, readyPath: '/ping' },
    });
    const [broker] = await Promise.all([startBrokerMember(join(folder, 'broker'), guard), store.restart()]);
    const env = {
      ...common.env,
      ...QUICK,
      MILLRACE_KAFKA_BROKERS: broker.url,
      MILLRACE_CLICKHOUSE_URL: store.url,
      ...options.env,
    };
    const services: Record<Service, Member[]> = { ingest: [], aggregator: [], gateway: [] };
    const create = async (part: Service): Promise<Member> => {
      const port = await freePort();
      const name = `${part} ${services[part].length + 1}`;
      const own = { ...env, MILLRACE_PORT: String(port) };
      const args = [`${part}/main.ts`];
      const member = createNodeMember({ part, name, port, args, env: own, readyPath: '/ready', guard });
      services[part].push(member);
      return member;
    };
    for (const part of ['ingest', 'aggregator', 'gateway'] as const)
      for (let n = options[part] ?? 1; n > 0; n--) await create(part);
    const all = (): Member[] => [broker, store, ...Object.values(services).flat()];
    await Promise.all(Object.values(services).flatMap((of) => of.map((member) => member.restart())));
    return {
      broker,
      store,
      ...services,
      members: all,
      async add(service) {
        const member = await create(service);
        await member.restart();
        return member;
      },
      openStore: () => openServerStore(serverOf(store.url), { aggregateOf }),
      async close() {
        await Promise.all(all().map((member) => member.kill9()));
        await guard.close();
      },
    };
  } catch (error) {
    await guard.close();
    throw error;
  }
}

const serverOf = (url: string) => ({ url, user: '', password: '', database: 'millrace', cluster: '' });

/** What surrounds the run, without settings of Millrace. */
const hostEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('MILLRACE_'),
    ),
  );
