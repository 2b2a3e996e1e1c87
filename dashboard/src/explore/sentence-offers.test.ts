import { expect, it } from 'vitest';
import { readMetrics } from './known-metrics.ts';
import {
  AGAINST,
  factsOfDimensions,
  offerMetrics,
  offerSplits,
  offerWindows,
  offerWords,
  splitOf,
  splitText,
  wordOf,
} from './sentence-offers.ts';

const METRICS = readMetrics({
  metrics: [
    { id: 'orders', title: 'Orders', aggregate: 'count', groupBy: ['channel', 'country'] },
    { id: 'errors', aggregate: 'count' },
  ],
});
const property = (path: string, distinct: number) => ({
  ...{ path, distinct, events: 9, types: [{ type: 'text' as const, events: 9 }], values: [], examples: [] },
  ...{ min: null, max: null },
});
const FACTS = {
  ...{ event: 'order', count: 9, rate: 1, first: 0, last: 1, sampled: { events: 9, of: 9 }, pathsLeftOut: 0 },
  properties: [property('channel', 4), property('user', 8)],
};
const texts = ({ entries }: { entries: readonly { text: string }[] }) => entries.map(({ text }) => text);

it('offers metrics, and takes an expression as it is written', () => {
  expect(texts(offerMetrics(METRICS, 'err'))).toEqual(['errors']);
  expect(texts(offerMetrics(METRICS, '= errors / orders'))).toEqual(['= errors / orders']);
});

it('offers each dimension and all of them; another property says why it is none', () => {
  const { entries } = offerSplits(METRICS[0]!, FACTS, '');
  expect(texts({ entries })).toEqual(['nothing', 'channel', 'country', 'channel and country', 'user']);
  expect(entries[1]).toMatchObject({ value: '4 different' });
  expect(entries[4]).toMatchObject({ refused: 'no dimension of orders' });
  const dims = METRICS[0]!.groupBy;
  for (const by of [[], ['country'], dims])
    expect(splitOf(by.length === 0 ? 'nothing' : splitText(by), dims)).toEqual(by);
});

it('offers windows, and takes any other duration', () => {
  expect(texts(offerWindows('', '10s'))[0]).toBe('10s');
  expect(texts(offerWindows('7m', '10s'))[0]).toBe('7m');
  expect(offerWindows('soon', null).fault).toContain('a duration');
});

it('has a word for each value of ours', () => {
  for (const [word, value] of AGAINST) expect(wordOf(AGAINST, value, '')).toBe(word);
  expect(wordOf(AGAINST, '3d', '3d earlier')).toBe('3d earlier');
  expect(texts(offerWords(AGAINST.keys(), 'week'))).toEqual(['a week earlier']);
});

it('completes a filter from the dimensions alone', () => {
  expect(factsOfDimensions(FACTS, ['channel'])?.properties.map(({ path }) => path)).toEqual(['channel']);
  expect(factsOfDimensions(null, [])).toBeNull();
});
