import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { decodeBlockHeaders } from '#contracts/log/block.ts';
import { applyDefinition, emptyCatalog } from '#contracts/log/definition-record.ts';
import {
  LEFT_OUT_RECORD,
  type LeftOutRecord,
  REJECTED_RECORD,
  type RejectedRecord,
} from '#contracts/log/rejected-record.ts';
import { type TopicName, topics } from '#contracts/log/topics.ts';
import { fits } from '#contracts/schema/fits.ts';
import { createKeyring } from '#platform/access/keyring.ts';
import { createServer } from '#platform/http/server.ts';
import { createBudgets } from '#platform/limits/budgets.ts';
import { createMemoryLog } from '#platform/log/local/memory-log.ts';
import type { Log, StoredRecord } from '#platform/log/log.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createMetrics, type Metrics } from '#platform/process/reporting/metrics.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { buildIngest, type Ingest, type IngestSettings } from '../app.ts';

export const NOW = Date.UTC(2026, 10, 23, 10, 0, 0);

export const SETTINGS: IngestSettings = {
  eventBytes: 65_536,
  batchBytes: 10_485_760,
  batchEvents: 10_000,
  properties: 256,
  nameLength: 200,
  skew: 300_000,
  linger: 1,
  pendingBytes: 64_000_000,
  rejectedBytes: 100_000,
  partitions: 4,
};

export interface Harness {
  server: FastifyInstance;
  ingest: Ingest;
  log: Log;
  metrics: Metrics;
  post(
    payload: string | Uint8Array,
    headers?: Record<string, string>,
    query?: string,
  ): Promise<LightMyRequestResponse>;
  /** The durable events, parsed, with where they lie; control blocks would show as such. */
  events(): Promise<
    {
      partition: number;
      kind: string;
      block: string | null;
      received: number;
      imported: boolean;
      event: Record<string, unknown>;
    }[]
  >;
  rejected(): Promise<RejectedRecord[]>;
  /** What was refused and not recorded, by code, as the records of it say. */
  leftOut(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

export interface HarnessOptions {
  settings?: Partial<IngestSettings>;
  /** Limits of callers, as in the environment. */
  env?: Record<string, string>;
  /** Keys that are known, by id; none by default, and none is needed. */
  keys?: Record<string, string>;
  failAppend?: (topic: TopicName) => Error | null;
  /** Definitions of metrics, by id. */
  definitions?: Record<string, Record<string, unknown>>;
  /** Wraps the log that ingest sees. */
  wrap?: (log: Log) => Log;
}

/** Ingest behind the real server, on a memory log, with the clock fixed at NOW. */
export async function startIngest(options: HarnessOptions = {}): Promise<Harness> {
  const { settings, failAppend, env = {}, keys = {}, definitions = {}, wrap = (log) => log } = options;
  const log = createMemoryLog(failAppend === undefined ? {} : { failAppend });
  const all = { ...SETTINGS, ...settings };
  await log.ensureTopics(topics(all.partitions));
  const logger = createLogger('silent', 'test');
  const metrics = createMetrics(false);
  const catalog = emptyCatalog();
  for (const [id, body] of Object.entries(definitions))
    applyDefinition(
      catalog,
      { kind: 'metric', id, basedOn: null, body, version: null },
      catalog.metrics.size,
    );
  let ids = 0;
  const ingest = buildIngest(all, {
    log: wrap(log),
    clock: () => NOW,
    logger,
    metrics,
    budgets: createBudgets(metrics),
    catalog: { catalog, next: 0 },
    randomId: () => `block-${ids++}`,
  });
  const masters = Object.entries(keys).map(([id, key]) => ({ id, key }));
  const keyring = createKeyring({ needed: false, masters }, emptyCatalog(), Date.now);
  const { limits } = readSettings(env);
  const http = { host: '127.0.0.1', port: 0, hosts: '', drain: 1_000, proxies: 0, limits };
  const server = createServer(http, { logger, metrics, keyring, ready: () => null });
  server.register(ingest.routes);
  await server.ready();
  const readRejected = async (): Promise<unknown[]> => {
    await ingest.drain();
    const records = await readTopic(log, 'rejected');
    return records.map(({ record }) => JSON.parse(Buffer.from(record.value).toString()));
  };
  return {
    server,
    ingest,
    log,
    metrics,
    post: (payload, headers = {}, query = '') =>
      server.inject({
        method: 'POST',
        url: `/v1/events${query}`,
        payload: Buffer.from(payload as string),
        headers: { host: 'localhost', 'content-type': 'application/json', ...headers },
      }),
    events: () => readEvents(log),
    rejected: async () =>
      (await readRejected()).filter((record): record is RejectedRecord => fits(REJECTED_RECORD, record)),
    async leftOut() {
      const said = (await readRejected()).filter((record): record is LeftOutRecord =>
        fits(LEFT_OUT_RECORD, record),
      );
      const counts: Record<string, number> = {};
      for (const { leftOut } of said)
        for (const [code, n] of Object.entries(leftOut)) counts[code] = (counts[code] ?? 0) + n;
      return counts;
    },
    async close() {
      await server.close();
      await ingest.drain();
      await log.close();
    },
  };
}

async function readEvents(log: Log): ReturnType<Harness['events']> {
  const records = await readTopic(log, 'events');
  return records.flatMap(({ partition, record }) => {
    const headers = decodeBlockHeaders(record.headers, record.time);
    if (!headers.ok) throw new Error(headers.fault.message);
    const { kind, block, received, count, imported } = headers.value;
    const lines = Buffer.from(record.value).toString().split('\n');
    if (lines.pop() !== '' || lines.length !== count)
      throw new Error('The block has not as many lines as it says.');
    return lines.map((line) => ({ partition, kind, block, received, imported, event: JSON.parse(line) }));
  });
}

async function readTopic(log: Log, topic: TopicName): Promise<{ partition: number; record: StoredRecord }[]> {
  const found: { partition: number; record: StoredRecord }[] = [];
  for (const { partition, start, end } of await log.bounds(topic)) {
    if (start === end) continue;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const collect = (records: StoredRecord[]): void => {
      for (const record of records) found.push({ partition, record });
      if (records.at(-1)!.offset >= end - 1) resolve();
    };
    const tail = await log.tail(topic, partition, start, collect, reject);
    await promise;
    await tail.close();
  }
  return found;
}
