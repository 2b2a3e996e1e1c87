import { expect, it } from 'vitest';
import { FORMATS } from '../../../testing/usual-formats.ts';
import type { TraceSet } from '../../charts/trace/trace.ts';
import { evenTimes, type WindowTimes } from '../../charts/trace/window-times.ts';
import {
  ageLabel,
  comparedLabel,
  openLabel,
  rankedLabel,
  readingLabels,
  stackLabel,
  tailLabel,
} from './header-labels.ts';

const every = (ms: number): WindowTimes => evenTimes({ every: ms });

it('says how much of the tail is shown', () => {
  expect(tailLabel({ shown: 2, skipped: 126, at: 5 }, 1_204.4, FORMATS)).toBe('1,204 /s · 1 in 64 shown');
  expect(tailLabel({ shown: 2, skipped: 0, at: 5 }, 7, FORMATS)).toBe('7 /s');
  expect(tailLabel({ shown: 0, skipped: 9, at: 0 }, null, FORMATS)).toBe('');
});

it('says when a long window closes, and of a short one only that it is open', () => {
  expect(openLabel(every(90_000), 90_000 * 4 - 12_000)).toBe('closes in 12 s');
  expect(openLabel(every(3_600_000), 3_600_000 * 4 - 192_000)).toBe('closes in 3 min 12 s');
  expect(openLabel(every(60_000), 60_000 * 4 + 200)).toBe('closes in 1 min');
  expect(openLabel(every(60_000), 60_000 * 4 - 200)).toBe('open window');
  expect(openLabel(every(10_000), 10_000 * 4 - 5_000)).toBe('open window');
});

it('says which time is read, and how old the data is', () => {
  const at = new Date(2026, 10, 23, 14, 0, 30).getTime();
  const line = { kind: 'line' as const, times: every(10_000) };
  expect(readingLabels(line, at, { now: at + 100_000, formats: FORMATS })).toEqual({
    moment: 'at 14:00:30',
    ago: '1 min 40 s ago',
  });
  const bars = { kind: 'bars' as const, times: every(30_000) };
  expect(readingLabels(bars, at, { now: at + 100_000, formats: FORMATS })).toEqual({
    moment: '14:00:00–14:00:30',
    ago: '1 min 40 s ago',
  });
  expect([ageLabel(null, 5, FORMATS), ageLabel(1_000, 1_300, FORMATS)]).toEqual(['', '0.3 s']);
});

it('says how many groups of all are shown, and what a chart is compared with', () => {
  expect([rankedLabel(10, 1_530, FORMATS), rankedLabel(3, 3, FORMATS)]).toEqual(['10 of 1,530', '']);
  const value = (i: number): number => (i === 7 ? 4 : Number.NaN);
  const data = { earlier: [{ value }], first: 0, closed: 8, end: 8 } as unknown as TraceSet;
  expect(comparedLabel(data, 'yesterday')).toBe('vs yesterday');
  // The open window counts as well: at the beginning of a period there is no other.
  expect(comparedLabel({ ...data, closed: 0 }, 'yesterday')).toBe('vs yesterday');
  expect(comparedLabel({ ...data, closed: 5, end: 6 }, 'yesterday')).toBe('none in yesterday');
  expect(comparedLabel({ ...data, earlier: [] }, 'yesterday')).toBe('');
});

it('says why a wanted stack is none, and nothing else', () => {
  expect(stackLabel({ stack: true }, { adds: 'nothing' })).toBe('not stacked: values do not add');
  expect(stackLabel({ stack: true }, { adds: 'groups' })).toBe('');
  expect(stackLabel({ stack: false }, { adds: 'nothing' })).toBe('');
  expect(stackLabel({}, { adds: 'nothing' })).toBe('');
});
