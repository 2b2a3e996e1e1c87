import { describe, expect, it } from 'vitest';
import { FUTURE_SKEW } from '#contracts/event/event.ts';
import { DEFAULT_FOLD_SETTINGS } from '#contracts/log/control.ts';
import type { Definition } from '#contracts/log/definition-record.ts';
import type { CommitRow } from '#contracts/log/rows.ts';
import { EVERYTHING, type ExpiryFacts, planExpiry } from './plan-expiry.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = 1_000 * DAY;
const body = (retention: string, lateness = '1m') => ({
  event: '*',
  aggregate: 'count',
  window: '10s',
  lateness,
  retention,
});

function define(id: string, version: number, text: Record<string, unknown>, served = version): Definition {
  return {
    kind: 'metric',
    id,
    body: text,
    offset: version,
    version,
    served: { version: served, body: served === version ? text : body('7d') },
  };
}

function commit(
  part: number,
  next: number,
  watermark: number | null,
  folds: [string, number][] = [],
): CommitRow {
  const active = folds.map(([metric, version]) => ({
    metric,
    version,
    activation: 0,
    definition: body('1d'),
    backfilled: true,
  }));
  const counters = { events: 0, duplicates: 0, repeatedBlocks: 0, rejected: 0, late: 0, skipped: 0 };
  const facts = {
    watermark,
    settings: DEFAULT_FOLD_SETTINGS,
    active,
    blocks: [],
    ids: { from: 0, after: null },
    caps: { latest: null, steps: [] },
    counters,
  };
  return { part, next, identity: 'log', facts };
}

const plan = (facts: Partial<ExpiryFacts>) =>
  planExpiry({
    now: NOW,
    archive: 30 * DAY,
    stored: [],
    commits: [],
    ends: new Map(),
    definitions: [],
    catalogNext: 100,
    ...facts,
  });

describe('planExpiry', () => {
  it('expires each version by its own retention, a pane only when all of it is older', () => {
    const definitions = [define('a', 1, body('1d')), define('b', 3, body('30d'), 2)];
    expect(plan({ definitions })).toEqual({
      metrics: [
        { metric: 'a', version: 1, before: NOW - DAY - 1_000 + 1 },
        { metric: 'b', version: 2, before: NOW - 7 * DAY - 1_000 + 1 },
        { metric: 'b', version: 3, before: NOW - 30 * DAY - 1_000 + 1 },
      ],
      eventsBefore: NOW - 30 * DAY,
    });
  });

  it('expires everything of a version that is neither served nor folded, also of a deleted metric', () => {
    const stored = [1, 2, 3].map((version) => ({ metric: 'a', version }));
    const gone = { metric: 'gone', version: 4 };
    const { metrics } = plan({ stored: [...stored, gone], definitions: [define('a', 3, body('1d'), 2)] });
    expect(metrics.filter((m) => m.before === EVERYTHING).map((m) => [m.metric, m.version])).toEqual([
      ['a', 1],
      ['gone', 4],
    ]);
  });

  it('leaves a replaced version alone while one partition folds it', () => {
    const stored = [{ metric: 'a', version: 1 }];
    const definitions = [define('a', 2, body('1d'))];
    const versions = (commits: CommitRow[]) =>
      plan({ stored, definitions, commits }).metrics.map((m) => m.version);
    expect(versions([commit(0, 5, NOW), commit(1, 5, NOW, [['a', 1]])])).toEqual([2]);
    expect(versions([commit(0, 5, NOW), commit(1, 5, NOW)])).toEqual([2, 1]);
  });

  it('does not treat a version as dead that the catalog has not reached yet', () => {
    const stored = [{ metric: 'a', version: 7 }];
    expect(plan({ stored, catalogNext: 7 }).metrics).toEqual([]);
    expect(plan({ stored, catalogNext: 8 }).metrics).toHaveLength(1);
  });

  it('keeps what a partition that lags would restore, and not for one that is idle', () => {
    const watermark = NOW - 3 * DAY;
    const facts = {
      archive: HOUR,
      definitions: [define('a', 1, body('1d'))],
      commits: [commit(0, 5, NOW), commit(1, 5, watermark), commit(2, 0, null)],
    };
    const planAt = (end: number) => plan({ ...facts, ends: new Map([0, 1, 2].map((part) => [part, end])) });
    expect(planAt(6)).toEqual({
      metrics: [{ metric: 'a', version: 1, before: watermark - MINUTE - 1_000 + 1 }],
      eventsBefore: watermark - HOUR - FUTURE_SKEW,
    });
    expect(planAt(5).metrics[0]!.before).toBe(NOW - DAY - 1_000 + 1);
  });

  it('keeps open panes and live ids where the retentions are shorter than the grace', () => {
    const { metrics, eventsBefore } = plan({
      archive: MINUTE,
      definitions: [define('a', 1, body('1m', '1h'))],
      commits: [commit(0, 5, NOW)],
    });
    expect(metrics[0]!.before).toBe(NOW - HOUR - 1_000 + 1);
    expect(eventsBefore).toBe(NOW - HOUR - FUTURE_SKEW);
  });

  it('leaves the panes of a definition that cannot be read', () => {
    const definitions = [define('a', 1, { ...body('1d'), aggregate: 'magic' })];
    expect(plan({ definitions, stored: [{ metric: 'a', version: 1 }] }).metrics).toEqual([]);
  });
});
