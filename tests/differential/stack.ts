import { checkAggregate } from '#aggregates/registry.ts';
import type { CommitRow } from '#contracts/log/rows.ts';
import { isBuiltIn } from '#contracts/metric/built-in.ts';
import { parseMetric } from '#contracts/metric/metric.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { type Adapters, openAdapters } from '../../embedded/adapters.ts';
import { buildEmbedded } from '../../embedded/app.ts';
import { eventually } from '../testing/eventually.ts';

export const PARTITIONS = 2;
/** Few, so that most panes have more groups. */
export const GROUPS = 5;

export interface Stack extends Adapters {
  url: string;
  /** Posts lines as NDJSON; returns how many were accepted. */
  post(lines: readonly string[]): Promise<number>;
  define(id: string, metric: Record<string, unknown>): Promise<void>;
  /** Waits until everything in the Log is committed and `metrics` metrics, without built-in ones, are active and filled in; returns the commits. */
  settled(metrics: number): Promise<CommitRow[]>;
  close(): Promise<void>;
}

/** Millrace as it runs embedded: LMDB, chDB, HTTP, in a folder that may hold data. */
export async function startStack(data: string): Promise<Stack> {
  const settings = readSettings({
    MILLRACE_DATA: data,
    MILLRACE_PORT: '0',
    MILLRACE_PARTITIONS: String(PARTITIONS),
    MILLRACE_GROUPS: String(GROUPS),
    MILLRACE_FLUSH: '100ms',
  });
  const logger = createLogger('error', 'differential');
  const adapters = await openAdapters(settings, logger);
  const { url, close } = await buildEmbedded(settings, { ...adapters, logger });
  const { log, store } = adapters;
  return {
    ...adapters,
    url,
    close,
    async post(lines) {
      const answer = await send(`${url}/v1/events`, 'POST', 'application/x-ndjson', lines.join('\n'));
      const { accepted, duplicates, rejected } = answer as Record<string, number>;
      if (accepted! + duplicates! + rejected! !== lines.length)
        throw new Error(`${lines.length} events were sent, the answer is ${JSON.stringify(answer)}`);
      return accepted!;
    },
    async define(id, metric) {
      const read = parseMetric(id, metric, { checkAggregate, horizon: settings.aggregator.horizon });
      if (!read.ok) throw new Error(`${JSON.stringify(metric)}: ${read.fault.message}`);
      await send(`${url}/v1/metrics/${id}`, 'PUT', 'application/json', JSON.stringify(metric));
    },
    settled: (metrics) =>
      eventually(
        async () => {
          const bounds = await log.bounds('events');
          const commits = await store.readCommits();
          const done = bounds.every(({ partition, end }) => {
            const commit = commits.find((row) => row.part === partition);
            const active = commit?.facts.active.filter((a) => a.backfilled && !isBuiltIn(a.metric)) ?? [];
            return commit?.next === end && active.length === metrics;
          });
          return { done, commits };
        },
        ({ done }) => done,
        // Back-fills of all metrics run one after the other.
        90_000,
      ).then(({ commits }) => commits),
  };
}

async function send(url: string, method: string, type: string, body: string): Promise<unknown> {
  const response = await fetch(url, { method, headers: { 'content-type': type }, body });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return response.json();
}
