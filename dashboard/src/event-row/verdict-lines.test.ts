import { expect, it } from 'vitest';
import type { EventVerdict, MetricVerdict } from '#contracts/metric/verdict.ts';
import { FORMATS } from '../../testing/usual-formats.ts';
import { verdictLines } from './verdict-lines.ts';

const at = (hours: number, minutes: number): number => new Date(2026, 10, 23, hours, minutes).getTime();
const NOW = at(14, 2);
const of = (metric: string, rest: Omit<MetricVerdict, 'metric' | 'version'>): MetricVerdict => ({
  ...{ metric, version: 1 },
  ...rest,
});
const verdict = (metrics: MetricVerdict[], rest: Partial<EventVerdict> = {}): EventVerdict => ({
  ...{ event: 'order', position: { partition: 2, offset: 81, index: 4 }, partition: 2, metrics },
  ...rest,
});

it('says with a word and in words what each metric did, and of those that read other events how many there are', () => {
  const lines = verdictLines(
    verdict([
      of('visits', { outcome: 'no_match', field: '$event', expected: 'visit' }),
      of('pro', { outcome: 'no_match', condition: 'plan = pro' }),
      of('users', { outcome: 'late', by: 12_000 }),
      of('by_user', {
        ...{ outcome: 'counted', part: 'live', pane: at(14, 0), group: { user: '__other__' }, merged: true },
      }),
      of('revenue', { outcome: 'skipped', field: 'amount', expected: 'a finite number', found: 'text' }),
      of('orders', { outcome: 'counted', part: 'filled', pane: at(14, 0), group: { channel: 'web' } }),
      of('value', { outcome: 'absent', field: 'amount' }),
      of('searches', { outcome: 'no_match', field: '$event', expected: 'search' }),
    ]),
    NOW,
    FORMATS,
  );
  expect(lines.map(({ word, of: metric, text }) => `${word} · ${metric} · ${text}`)).toEqual([
    'counted · orders · pane 14:00:00, channel = web, filled in from the archive',
    'other · by_user · its group came after the cap of groups: pane 14:00:00, user = other',
    'late · users · by 12 s beyond the lateness; in the archive only',
    'skipped · revenue · amount is text, the metric needs a finite number',
    'skipped · value · amount has no value',
    'not read · pro · its filter does not hold: plan = pro',
    'not read · 2 metrics · they read other events',
  ]);
});

it('says why an event is refused, or which one it repeats, and nothing of metrics then', () => {
  const rejected = { code: 'missing_field', message: 'event: every event needs its name.' } as const;
  const refused = verdictLines(verdict([], { rejected }), NOW, FORMATS);
  expect(refused).toEqual([{ word: 'rejected', of: 'missing_field', text: rejected.message }]);
  const duplicate = { partition: 1, offset: 2, index: 3 };
  expect(
    verdictLines(verdict([of('a', { outcome: 'duplicate' })], { duplicate }), NOW, FORMATS),
  ).toMatchObject([{ word: 'duplicate', of: 'of 1:2:3' }]);
});

it('lists so many metrics and counts the others', () => {
  const many = Array.from({ length: 100 }, (_, i) => of(`m${i}`, { outcome: 'before' }));
  const lines = verdictLines(verdict(many), NOW, FORMATS);
  expect(lines).toHaveLength(41);
  expect(lines.at(-1)).toMatchObject({ of: '60 metrics' });
});

it('has something to say where there is no metric, or none that reads it', () => {
  expect(verdictLines(verdict([]), NOW, FORMATS)).toMatchObject([{ word: 'not read', of: 'no metrics' }]);
  const lines = verdictLines(verdict([of('a', { outcome: 'no_match', field: '$event' })]), NOW, FORMATS);
  expect(lines).toEqual([{ word: 'not read', of: '1 metric', text: 'it reads other events' }]);
});
