import { expect, it } from 'vitest';
import { readUrl, writeUrl } from '../../app/url-state.ts';
import { hrefOfQuestion } from './href-of-question.ts';

const router = {
  hrefOf: (place: Parameters<typeof hrefOf>[0], _: unknown, own = {}) => hrefOf(place, own),
};
const hrefOf = (place: ReturnType<typeof readUrl>['place'], own: Record<string, string>): string =>
  writeUrl({ ...readUrl('/', '', 'UTC'), place, own });
const panel = {
  ...{ id: 'a', kind: 'line' as const, title: '', place: { x: 0, y: 0, w: 1, h: 1 }, outputs: ['p99'] },
  view: {
    metric: 'latency',
    where: { country: ['DE', 'FR'] },
    groupBy: ['a,b'],
    window: '10s',
    compare: '7d',
  },
};

it('asks in Explore what a panel asks', () => {
  const { pathname, search } = new URL(hrefOfQuestion(router, panel)!, 'http://localhost');
  expect(pathname).toBe('/explore');
  expect(Object.fromEntries(new URLSearchParams(search))).toEqual({
    ...{ metric: 'latency', output: 'p99', where: 'country in (DE, FR)', by: '["a,b"]' },
    ...{ every: '10s', against: '7d', kind: 'line' },
  });
});

it('leaves out what only a panel has', () => {
  const view = { metric: '= a / b', window: 'auto', compare: { calendar: 'month' as const } };
  expect(hrefOfQuestion(router, { ...panel, kind: 'top', outputs: [], view })).toBe(
    '/explore?metric=%3D+a+%2F+b',
  );
  expect(hrefOfQuestion(router, { ...panel, kind: 'tail', view: null })).toBeNull();
});
