import { describe, expect, it } from 'vitest';
import { FUTURE_SKEW } from '#contracts/event/event.ts';
import { DEFAULT_FOLD_SETTINGS } from '#contracts/log/control.ts';
import type { Definition } from '#contracts/log/definition-record.ts';
import type { CommitRow, RollUpMark } from '#contracts/log/rows.ts';
import { type ExpiryFacts, planExpiry } from './plan-expiry.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = 1_000 * DAY;
const body = (retention: string | Record<string, string>, lateness = '1m') => ({
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

const mark = (metric: string, partition: number, tier: number, upto: number): RollUpMark => ({
  metric,
  version: 1,
  partition,
  tier,
  upto,
});

const plan = (facts: Partial<ExpiryFacts>) =>
  planExpiry({
    now: NOW,
    archive: 30 * DAY,
    stored: [],
    commits: [],
    marks: [],
    ends: new Map(),
    definitions: [],
    catalogNext: 100,
    ...facts,
  });

describe('planExpiry', () => {
  it('expires each version by its own retention, and what has no tiers a pane only when all of it is older', () => {
    const odd = { ...body('1d'), window: '7s', pane: '7s' };
    const definitions = [define('a', 1, odd), define('b', 3, { ...odd, retention: '30d' }, 2)];
    const aged = (metric: string, version: number, before: number) => ({
      metric,
      version,
      tier: 'pane',
      before,
      parts: null,
    });
    expect(plan({ definitions })).toEqual({
      panes: [
        aged('a', 1, NOW - DAY - 7_000 + 1),
        ...['pane', 'minute', 'hour'].map((tier) => ({ ...aged('b', 2, NOW - 7 * DAY), tier })),
        aged('b', 3, NOW - 30 * DAY - 7_000 + 1),
      ],
      gone: [],
      eventsBefore: NOW - 30 * DAY,
    });
  });

  it('expires each tier by its own retention, whole hours of it, and only what is rolled up', () => {
    const retention = { '1s': '2d', '1m': '30d', '1h': '3y' };
    const definitions = [define('a', 1, body(retention))];
    const commits = [0, 1, 2, 3].map((part) => commit(part, 5, NOW, [['a', 1]]));
    commits[1]!.facts.active[0]!.backfilled = false;
    const now = NOW + 5 * MINUTE;
    const marks = [
      mark('a', 0, MINUTE, NOW),
      mark('a', 0, HOUR, NOW),
      mark('a', 1, MINUTE, NOW),
      mark('a', 2, MINUTE, NOW - 3 * DAY + 5 * MINUTE),
      mark('a', 2, HOUR, NOW - 40 * DAY),
    ];
    const aged = { metric: 'a', version: 1 };
    expect(plan({ now, definitions, commits, marks }).panes).toEqual([
      { ...aged, tier: 'pane', before: NOW - 2 * DAY, parts: ['0', '~0', '+0', '1'] },
      { ...aged, tier: 'pane', before: NOW - 3 * DAY, parts: ['2', '~2', '+2'] },
      { ...aged, tier: 'pane', before: NOW - 1_095 * DAY, parts: null },
      { ...aged, tier: 'minute', before: NOW - 30 * DAY, parts: ['0', '~0', '+0'] },
      { ...aged, tier: 'minute', before: NOW - 40 * DAY, parts: ['2', '~2', '+2'] },
      { ...aged, tier: 'minute', before: NOW - 1_095 * DAY, parts: null },
      { ...aged, tier: 'hour', before: NOW - 1_095 * DAY, parts: null },
    ]);
  });

  it('expires everything of a version that is neither served nor folded, also of a deleted metric', () => {
    const stored = [1, 2, 3].map((version) => ({ metric: 'a', version }));
    const gone = { metric: 'gone', version: 4 };
    const planned = plan({ stored: [...stored, gone], definitions: [define('a', 3, body('1d'), 2)] });
    expect(planned.gone).toEqual([{ metric: 'a', version: 1 }, gone]);
  });

  it('leaves a replaced version alone while one partition folds it', () => {
    const stored = [{ metric: 'a', version: 1 }];
    const definitions = [define('a', 2, body('1d'))];
    const goneWith = (commits: CommitRow[]) => plan({ stored, definitions, commits }).gone;
    expect(goneWith([commit(0, 5, NOW), commit(1, 5, NOW, [['a', 1]])])).toEqual([]);
    expect(goneWith([commit(0, 5, NOW), commit(1, 5, NOW)])).toEqual(stored);
  });

  it('does not treat a version as dead that the catalog has not reached yet', () => {
    const stored = [{ metric: 'a', version: 7 }];
    expect(plan({ stored, catalogNext: 7 }).gone).toEqual([]);
    expect(plan({ stored, catalogNext: 8 }).gone).toHaveLength(1);
  });

  it('keeps what a partition that lags would restore, and not for one that is idle', () => {
    const watermark = NOW - 3 * DAY;
    const facts = {
      archive: HOUR,
      definitions: [define('a', 1, body('1d'))],
      commits: [commit(0, 5, NOW, [['a', 1]]), commit(1, 5, watermark), commit(2, 0, null)],
      marks: [mark('a', 0, MINUTE, NOW)],
    };
    const planAt = (end: number) => plan({ ...facts, ends: new Map([0, 1, 2].map((part) => [part, end])) });
    expect(planAt(6).panes[0]).toMatchObject({ tier: 'pane', before: watermark - HOUR });
    expect(planAt(6).eventsBefore).toBe(watermark - HOUR - FUTURE_SKEW);
    expect(planAt(5).panes[0]!.before).toBe(NOW - DAY);
  });

  it('keeps open panes and live ids where the retentions are shorter than the grace', () => {
    const { panes, eventsBefore } = plan({
      archive: MINUTE,
      definitions: [define('a', 1, body('1m', '1h'))],
      commits: [commit(0, 5, NOW, [['a', 1]])],
      marks: [mark('a', 0, MINUTE, NOW)],
    });
    expect(panes[0]).toMatchObject({ tier: 'pane', before: NOW - HOUR });
    expect(eventsBefore).toBe(NOW - HOUR - FUTURE_SKEW);
  });

  it('keeps panes that an event can still reach back to, and events that those to come may follow', () => {
    const visits = { ...body('1m', '1h'), aggregate: 'sessions(30m, 2h)' };
    const planOf = (text: Record<string, unknown>) =>
      plan({
        archive: MINUTE,
        definitions: [define('a', 1, text)],
        commits: [commit(0, 5, NOW, [['a', 1]])],
        marks: [mark('a', 0, MINUTE, NOW)],
      });
    expect(planOf(visits).panes[0]).toMatchObject({ tier: 'pane', before: NOW - 3 * HOUR });
    // Of whole hours, since the bounds of sequences are counted by the hour.
    expect(planOf(visits).eventsBefore).toBe(NOW - 4 * HOUR - FUTURE_SKEW);
    const counter = { ...body('1m', '1h'), aggregate: 'increase(n, 2h)' };
    expect(planOf(counter).panes[0]).toMatchObject({ tier: 'pane', before: NOW - HOUR });
    expect(planOf(counter).eventsBefore).toBe(NOW - 4 * HOUR - FUTURE_SKEW);
  });

  it('leaves the panes of a definition that cannot be read', () => {
    const definitions = [define('a', 1, { ...body('1d'), aggregate: 'magic' })];
    expect(plan({ definitions, stored: [{ metric: 'a', version: 1 }] })).toMatchObject({
      panes: [],
      gone: [],
    });
  });
});
