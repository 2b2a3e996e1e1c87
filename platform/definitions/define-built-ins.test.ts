import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { topics } from '#contracts/log/topics.ts';
import { builtInMetrics, EVENT_COUNTS } from '#contracts/metric/built-in.ts';
import type { LocalLog } from '#platform/log/local/local-log.ts';
import { createMemoryLog } from '#platform/log/local/memory-log.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import { defineBuiltIns } from './define-built-ins.ts';
import { openCatalog } from './open-catalog.ts';

const HORIZON = 3_600_000;
const WANTED = builtInMetrics(HORIZON);

describe('defineBuiltIns', () => {
  let log: LocalLog;
  const open = () =>
    openCatalog(log, { logger: createLogger('silent', 'test'), metrics: createMetrics(false) });
  beforeEach(async () => {
    log = createMemoryLog();
    await log.ensureTopics(topics(1));
  });
  afterEach(() => log.close());
  const end = async () => (await log.bounds('definitions'))[0]!.end;

  it('defines what the topic lacks, and nothing once it is there', async () => {
    const catalog = await open();
    const before = await end();
    await defineBuiltIns(catalog, HORIZON);
    expect(catalog.catalog.metrics.get(EVENT_COUNTS)?.body).toEqual(WANTED[EVENT_COUNTS]);
    await defineBuiltIns(catalog, HORIZON);
    await defineBuiltIns(await open(), HORIZON);
    expect(await end()).toBe(before + Object.keys(WANTED).length);
  });

  it('leaves one definition where processes start together', async () => {
    const catalogs = await Promise.all([open(), open(), open()]);
    await Promise.all(catalogs.map((one) => defineBuiltIns(one, HORIZON)));
    const later = await open();
    const found = [...catalogs, later].map(({ catalog }) => catalog.metrics.get(EVENT_COUNTS));
    expect(new Set(found.map((one) => one?.version)).size).toBe(1);
    expect(later.catalog.metrics.size).toBe(Object.keys(WANTED).length);
  });

  it('replaces the definition of another version', async () => {
    const catalog = await open();
    const older = { ...WANTED[EVENT_COUNTS], title: 'Older' };
    await catalog.write({ kind: 'metric', id: EVENT_COUNTS, basedOn: null, body: older, version: null });
    await defineBuiltIns(catalog, HORIZON);
    expect(catalog.catalog.metrics.get(EVENT_COUNTS)?.body).toEqual(WANTED[EVENT_COUNTS]);
  });
});
