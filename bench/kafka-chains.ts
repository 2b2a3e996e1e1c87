import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack } from '../tests/services/start-stack.ts';
import { freePort } from '../tests/testing/free-port.ts';
import { startMillrace } from '../tests/testing/millrace-process.ts';
import { WIDE_LIMITS } from '../tests/testing/wide-limits.ts';

/** A running Millrace as `kafka-chain.bench.ts` measures it. */
export interface Chain {
  /** Addresses where events are posted, metrics are watched, and /metrics reports the archive. */
  ingest: string;
  gateway: string;
  aggregator: string;
  /** Process ids by what they are. */
  pids: Record<string, number>;
  close(): Promise<void>;
}

/** Partitions of both. */
export const PARTITIONS = '4';

export async function startEmbeddedChain(): Promise<Chain> {
  const data = await mkdtemp(join(tmpdir(), 'millrace-chain-'));
  const env = { ...WIDE_LIMITS, MILLRACE_PARTITIONS: PARTITIONS };
  const { url, pid, stop } = await startMillrace({ data, port: await freePort(), env });
  return {
    ingest: url,
    gateway: url,
    aggregator: url,
    pids: { millrace: pid },
    async close() {
      await stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}

export async function startKafkaChain(client: string): Promise<Chain> {
  const env = {
    ...WIDE_LIMITS,
    MILLRACE_PARTITIONS: PARTITIONS,
    MILLRACE_KAFKA_CLIENT: client,
    MILLRACE_LOG_LEVEL: 'warn',
  };
  const stack = await startStack({ env });
  return {
    ingest: stack.ingest[0]!.url,
    gateway: stack.gateway[0]!.url,
    aggregator: stack.aggregator[0]!.url,
    pids: {
      ingest: childPid('ingest/main.ts'),
      aggregator: childPid('aggregator/main.ts'),
      gateway: childPid('gateway/main.ts'),
      broker: childPid('kafka.Kafka'),
      store: childPid('clickhouse-main.ts'),
    },
    close: stack.close,
  };
}

/** The child of this process with `command` in its command line. */
function childPid(command: string): number {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const parent = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[1];
      const line = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      if (Number(parent) === process.pid && line.includes(command)) return Number(name);
    } catch {
      // It has ended since the list was made.
    }
  }
  throw new Error(`No child of this process runs ${command}.`);
}
