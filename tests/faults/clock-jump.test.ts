import { afterEach, beforeEach, expect, it } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import { type Client, createClient } from '#client/index.ts';
import { emptyContents, type ViewContents } from '#contracts/view/frame.ts';
import { createMemoryLog } from '#platform/log/local/memory-log.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { createMemoryStore } from '#platform/store/memory/memory-store.ts';
import { buildEmbedded, type Embedded } from '../../embedded/app.ts';
import { eventually } from '../testing/eventually.ts';
import { defineHits, idsOf, sendHits } from './hits.ts';
import { totalOf } from './total-of.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let shift: number;
const clock = (): number => Date.now() + shift;
let log: ReturnType<typeof createMemoryLog>;
let store: ReturnType<typeof createMemoryStore>;
let app: Embedded;
let client: Client;
let failures: Error[];
let shown: ViewContents;

beforeEach(async () => {
  shift = 0;
  failures = [];
  shown = emptyContents();
  log = createMemoryLog({ clock });
  store = createMemoryStore({ aggregateOf });
  app = await buildEmbedded(readSettings({ MILLRACE_PORT: '0', MILLRACE_PARTITIONS: '2' }), {
    log,
    store,
    clock,
    logger: createLogger('silent', 'clock'),
    failed: (error) => failures.push(error),
  });
  client = createClient({ url: app.url });
});
afterEach(async () => {
  await client.close();
  await app.close();
});

const send = async (name: string): Promise<void> => {
  expect(await sendHits(app.url, idsOf(name, 100))).toEqual({ status: 200, code: null });
};
const shows = (total: number): Promise<unknown> =>
  eventually(
    () => totalOf(shown),
    (n) => n === total,
  );
const archived = (total: number): Promise<unknown> =>
  eventually(
    () => store.countEvents(),
    (n) => n === total,
  );
/** What the partitions have counted, as of their commits. */
async function counted(counter: 'late' | 'duplicates'): Promise<number> {
  return (await store.readCommits()).reduce((sum, { facts }) => sum + facts.counters[counter], 0);
}

it('an hour forward and back: all accepted and archived, none counted twice; late until the clock catches up', async () => {
  await defineHits(app.url, { lateness: '1m' });
  client.subscribe({ metric: 'hits', window: '10s', range: '3h' }, { onChange: (now) => (shown = now) });
  await send('before');
  await shows(100);

  shift = HOUR;
  // Retention goes by the clock too, and must drop nothing that is still needed.
  await log.expire();
  await send('ahead');
  await shows(200);

  shift = 0;
  await send('back');
  // Behind the watermark by more than the lateness: archived and counted, never drawn (rule 2).
  await archived(300);
  await eventually(
    () => counted('late'),
    (n) => n === 100,
  );
  expect(totalOf(shown)).toBe(200);
  // The same ids once more are repeats at any time of the clock.
  await send('ahead');
  await send('back');
  await eventually(
    () => counted('duplicates'),
    (n) => n === 200,
  );

  shift = HOUR + 2 * MINUTE;
  await send('after');
  await shows(300);
  await archived(400);
  expect(failures).toEqual([]);
  expect((await fetch(`${app.url}/ready`)).status).toBe(200);
});

it('an hour back: timestamps of correct clocks are refused with what to do, and `sent_at` lets them through', async () => {
  await defineHits(app.url);
  shift = -HOUR;
  const timestamp = Date.now();
  const post = async (query: string): Promise<Record<string, unknown>> => {
    const body = JSON.stringify({ event: 'hit', id: 'one', timestamp });
    return (await (await fetch(`${app.url}/v1/events${query}`, { method: 'POST', body })).json()) as never;
  };
  expect(await post('')).toMatchObject({
    accepted: 0,
    rejected: 1,
    errors: [{ code: 'timestamp_in_future', field: 'timestamp' }],
  });
  expect(await post(`?sent_at=${timestamp}`)).toMatchObject({ accepted: 1, rejected: 0 });
  await archived(1);
});
