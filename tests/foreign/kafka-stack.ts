import { aggregateOf } from '#aggregates/registry.ts';
import type { RejectedRecord } from '#contracts/log/rejected-record.ts';
import { freshPrefix, openTestLog } from '#platform/log/kafka/testing/open-test-log.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { createMemoryStore } from '#platform/store/memory/memory-store.ts';
import { buildEmbedded } from '../../embedded/app.ts';
import { eventually } from '../testing/eventually.ts';
import { readSeries, total } from '../testing/series.ts';
import { recordsOf } from '../testing/topic-records.ts';

export const PARTITIONS = 4;

/** Millrace's builders on a real broker, with topics of its own: what a Kafka user meets. */
export interface KafkaStack {
  url: string;
  /** As the brokers know it. */
  topic: string;
  /** Defines a metric that counts events of this name, by the property `who`. */
  count(event: string): Promise<void>;
  /**
   * Resolves with the counts by group when everything in the log is committed and at least `events` events are counted:
   * what came before the metric is back-filled a moment later.
   */
  counted(event: string, events: number): Promise<Record<string, number>>;
  /** What the aggregator has counted over all partitions, as of the commit rows. */
  counters(): Promise<{ events: number; rejected: number; duplicates: number }>;
  /** The records of the `rejected` topic, once there are `records` of them; those of the fold in the order of positions. */
  rejected(records: number): Promise<RejectedRecord[]>;
  post(lines: readonly object[]): Promise<void>;
  close(): Promise<void>;
}

export async function startKafkaStack(
  brokers: string,
  client: 'kafkajs' | 'platformatic' = 'kafkajs',
): Promise<KafkaStack> {
  const prefix = freshPrefix();
  const log = await openTestLog({ client, prefix, brokers });
  const store = createMemoryStore({ aggregateOf });
  const settings = readSettings({ MILLRACE_PORT: '0', MILLRACE_PARTITIONS: String(PARTITIONS) });
  const logger = createLogger('silent', 'test');
  const { url, close } = await buildEmbedded(settings, { log, store, logger });

  const committed = (): Promise<boolean> =>
    eventually(
      async () => {
        const [commits, bounds] = await Promise.all([store.readCommits(), log.bounds('events')]);
        return bounds.every((b) => (commits.find((c) => c.part === b.partition)?.next ?? 0) >= b.end);
      },
      (all) => all,
      90_000,
    );
  return {
    url,
    topic: `${prefix}events`,
    async count(event) {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ event, aggregate: 'count', groupBy: ['who'], window: '10s' });
      const answer = await fetch(`${url}/v1/metrics/${event}`, { method: 'PUT', headers, body });
      if (answer.status !== 201) throw new Error(`${answer.status}: ${await answer.text()}`);
    },
    async counted(event, events) {
      await committed();
      const read = () => readSeries(url, event, '?range=15m&groupBy=who');
      const counts = await eventually(read, (answer) => total(answer) >= events);
      return Object.fromEntries(
        counts.series.map((s) => [s.group.who!, s.values.reduce<number>((sum, v) => sum + (v ?? 0), 0)]),
      );
    },
    async counters() {
      await committed();
      const all = (await store.readCommits()).map((row) => row.facts.counters);
      const sum = (of: (c: (typeof all)[number]) => number) => all.reduce((n, c) => n + of(c), 0);
      return {
        events: sum((c) => c.events),
        rejected: sum((c) => c.rejected),
        duplicates: sum((c) => c.duplicates),
      };
    },
    async rejected(records) {
      const found = await eventually(
        () => recordsOf(log, 'rejected'),
        (all) => all.length >= records,
      );
      const order = ({ position: p }: RejectedRecord): number =>
        p === undefined ? -1 : (p.partition * 1e6 + p.offset) * 1e4 + p.index;
      return found
        .map(({ value }) => JSON.parse(Buffer.from(value).toString()) as RejectedRecord)
        .sort((a, b) => order(a) - order(b));
    },
    async post(lines) {
      const headers = { 'content-type': 'application/x-ndjson' };
      const body = lines.map((line) => JSON.stringify(line)).join('\n');
      const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers, body });
      if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`);
    },
    close,
  };
}
