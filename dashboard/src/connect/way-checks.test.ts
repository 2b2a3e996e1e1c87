import { describe, expect, it } from 'vitest';
import type { SystemRecord } from '#contracts/log/system-record.ts';
import { FORMATS } from '../../testing/usual-formats.ts';
import { baselineOf, sinceBaseline, type WayFacts, wayChecks } from './way-checks.ts';

const FACTS: WayFacts = {
  link: { state: 'live', transport: 'websocket', roundTrip: 38, attempt: 0, refusal: null },
  scope: 'anyone',
  hasWriter: false,
  since: { requests: 4, accepted: 3, folded: 3 },
  refused: null,
  lag: 0,
  formats: FORMATS,
};
const check = (id: string, facts: Partial<WayFacts>) =>
  wayChecks({ ...FACTS, ...facts }).find((one) => one.id === id);

describe('the checks of the way', () => {
  it('all hold where events arrive and are stored', () => {
    expect(wayChecks(FACTS).map(({ id, state }) => [id, state])).toEqual([
      ['gateway', 'works'],
      ['key', 'works'],
      ['requests', 'works'],
      ['accepted', 'works'],
      ['stored', 'works'],
    ]);
    expect(check('gateway', {})?.text).toBe('38 ms, WebSocket');
  });

  it('wait where nothing has come, and fail by nothing', () => {
    const nothing = { since: { requests: 0, accepted: 0, folded: 0 } };
    expect(wayChecks({ ...FACTS, ...nothing }).map(({ state }) => state)).toEqual([
      ...['works', 'works', 'waits', 'waits', 'waits'],
    ]);
    expect(check('requests', { since: null })).toMatchObject({
      state: 'waits',
      text: expect.stringContaining('report'),
    });
  });

  it('say why the gateway does not answer', () => {
    const link = { ...FACTS.link, state: 'reconnecting', attempt: 3 } as const;
    expect(check('gateway', { link })).toMatchObject({ state: 'fails', text: 'no answer, try 3' });
    const refusal = { code: 'revoked_key', message: 'The key was revoked.', retry: false } as const;
    expect(check('gateway', { link: { ...link, state: 'refused', refusal } })?.text).toBe(
      'The key was revoked.',
    );
  });

  it.each([
    [['read'], false, 'waits', 'read, not write'],
    [['read'], true, 'works', 'made on this page'],
    [['read', 'write'], false, 'works', 'read, write'],
    [['admin'], false, 'works', 'admin'],
    [null, false, 'waits', 'asking'],
  ] as const)('say whether a key of %j may send', (scope, hasWriter, state, text) => {
    expect(check('key', { scope, hasWriter })).toMatchObject({ state, text: expect.stringContaining(text) });
  });

  it('say that all was refused, and why the last', () => {
    const facts = {
      since: { requests: 4, accepted: 0, folded: 0 },
      refused: { count: 4, newest: '401 A key is needed' },
    };
    expect(check('requests', facts)).toMatchObject({ state: 'works', text: '4 since it listens' });
    expect(check('accepted', facts)).toMatchObject({ state: 'fails', text: 'last: 401 A key is needed' });
    expect(check('accepted', { refused: facts.refused })).toMatchObject({
      state: 'works',
      text: '3 events, 4 refused',
    });
  });

  it('say how much is still on its way', () => {
    const since = { requests: 1, accepted: 10, folded: 4 };
    expect(check('stored', { since, lag: 1 })).toMatchObject({
      state: 'waits',
      text: '4 of 10 events, 1 block to count',
    });
  });
});

describe('what has come since', () => {
  const record = (
    process: string,
    part: SystemRecord['part'],
    totals: Record<string, number>,
  ): SystemRecord => ({
    ...{ process, part, time: 1, totals, gauges: {} },
  });

  it('is a difference, over all processes', () => {
    const before = [
      record('a', 'ingest', { requests: 10, accepted: 7 }),
      record('b', 'aggregator', { events: 7 }),
    ];
    const now = [
      record('a', 'ingest', { requests: 12, accepted: 8 }),
      record('b', 'aggregator', { events: 8, duplicates: 1 }),
      record('c', 'ingest', { requests: 5, accepted: 5 }),
      record('d', 'gateway', { requests: 100 }),
    ];
    expect(sinceBaseline(baselineOf(before), now)).toEqual({ requests: 7, accepted: 6, folded: 2 });
  });

  it('never falls', () => {
    const before = [record('a', 'aggregator', { events: 70 })];
    expect(sinceBaseline(baselineOf(before), [record('a', 'aggregator', { events: 60 })]).folded).toBe(0);
  });
});
