import { expect, it } from 'vitest';
import type { PreviewAnswer } from '#contracts/view/preview-result.ts';
import { FORMATS } from '../../testing/usual-formats.ts';
import { contentsOf, infoOf } from './preview-contents.ts';
import { bytesText, remarksOf } from './preview-remarks.ts';

const ANSWER: PreviewAnswer = {
  ...{ complete: true, progress: 1, similar: [], evaluated: { from: 0, to: 20_000 } },
  metric: {
    title: 'Sum',
    event: 'checkout',
    aggregate: 'sum(amount)',
    groupBy: ['country'],
    pane: '1s',
    unit: 'EUR',
  },
  series: {
    ...{ metric: 'preview', window: 10_000, watermark: 19_000, asOf: 20_000, begins: 0 },
    ...{ filled: { done: 4, of: 4 }, full: true, start: 0, end: 20_000, panes: [0, 10_000], open: [10_000] },
    ...{ partial: [], overflow: [] },
    series: [
      { group: { country: 'DE' }, output: 'value', values: [12, null] },
      { group: {}, rest: true, output: 'value', values: [1, 2] },
    ],
  },
  events: {
    ...{ matched: 100, counted: 95, imported: 0, late: 1 },
    skipped: [{ field: 'amount', expected: 'number', found: 'text', events: 4 }],
  },
  cost: { groups: 2, rows: 4, rowsPerDay: 17_280, bytesPerDay: 587_520, estimatedFrom: '4 rows' },
};

it('is drawn as a view: what it is, and a cell for each value', () => {
  const info = infoOf(ANSWER)!;
  expect(info).toMatchObject({
    unit: 'EUR',
    outputs: ['value'],
    groupBy: ['country'],
    adds: 'windows',
    pane: 1_000,
  });
  const contents = contentsOf(ANSWER, info);
  expect([...contents.series.values()]).toEqual([
    { group: ['DE'], cells: new Map([[0, [12]]]) },
    {
      group: [],
      rest: true,
      cells: new Map([
        [0, [1]],
        [10_000, [2]],
      ]),
    },
  ]);
  expect(contents).toMatchObject({
    asOf: 20_000,
    watermark: 19_000,
    begins: 0,
    start: 0,
    end: 20_000,
    filled: null,
  });
});

it('puts several outputs of a group into one cell', () => {
  const series = ANSWER.series!;
  const both = ['p50', 'p99'].map((output, i) => ({ group: {}, output, values: [i, i + 10] }));
  const answer = {
    ...ANSWER,
    metric: { aggregate: 'quantiles(x, 0.5, 0.99)' },
    series: { ...series, series: both },
  };
  const info = infoOf(answer)!;
  expect(info).toMatchObject({ outputs: ['p50', 'p99'], adds: 'nothing' });
  expect(contentsOf(answer, info).series.get(0)?.cells).toEqual(
    new Map([
      [0, [0, 1]],
      [10_000, [10, 11]],
    ]),
  );
});

it('is empty where no event fits, though the server says zeros', () => {
  const none = { ...ANSWER, events: { ...ANSWER.events!, matched: 0, counted: 0, skipped: [] } };
  expect(contentsOf(none, infoOf(none)!).series.size).toBe(0);
  expect(remarksOf(none, FORMATS)).toMatchObject([
    { text: 'No event of this range fits', adverse: true },
    {},
  ]);
});

it('says how much of it is there', () => {
  const part = { ...ANSWER, complete: false, progress: 0.62 };
  expect(contentsOf(part, infoOf(part)!).filled).toEqual({ done: 62, of: 100 });
  expect(remarksOf(part, FORMATS)[0]?.text).toBe('62 % of the range is there: so far the newest 20 s');
  expect(infoOf({ ...part, series: null })).toBeNull();
});

it('says what it counts, what it does not and why, and what it costs', () => {
  expect(remarksOf(ANSWER, FORMATS)).toEqual([
    { text: 'counts 95 events in 20 s', adverse: false },
    { text: 'skips 4 (4 %): amount is text, needs number', adverse: true },
    { text: '1 came too late', adverse: true },
    { text: 'costs 2 groups, about 17.3 k rows and 590 KB a day', adverse: false },
  ]);
  expect([0, 999, 1_100_000, 2e9].map(bytesText)).toEqual(['0 B', '1000 B', '1.1 MB', '2 GB']);
});
