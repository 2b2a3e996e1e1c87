import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutAtMarks, matchWords } from './match-words.ts';

const marked = (query: string, text: string): string | null => {
  const match = matchWords(query, text);
  return match && cutAtMarks(text, match.marks).reduce((all, part, i) => all + (i % 2 ? `[${part}]` : part));
};

it.each([
  ['late', 'checkout_latency', 'checkout_[late]ncy'],
  ['LAT check', 'checkout_latency', '[check]out_[lat]ency'],
  ['out', 'checkout', 'check[out]'],
  ['ckl', 'Checkout latency', '[C]hec[k]out [l]atency'],
  ['cl', 'Checkout latency', null],
  ['tency', 'tame dog in a house: ency', null],
  ['chklat', 'Checkout latency', '[Ch]ec[k]out [lat]ency'],
  ['chkt', 'Checkout', '[Ch]ec[k]ou[t]'],
  ['cafe', 'Café orders', '[Café] orders'],
  ['', 'anything', 'anything'],
  ['x', 'anything', null],
])('%s in %s', (query, text, wanted) => {
  expect(marked(query, text)).toBe(wanted);
});

it('prefers what begins the text to what begins a word, to what is inside one, and that to spread letters', () => {
  const scores = ['stat board', 'a stat', 'estate', 'suites and orders'].map(
    (text) => matchWords('stat', text)?.score ?? 0,
  );
  expect(scores).toEqual([4, 3, 2, 0]);
  expect(matchWords('stt', 'state')?.score).toBe(1);
});

it('marks characters of the text, in order, and every text fits itself', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (query, text) => {
      const match = matchWords(query, text);
      if (match !== null) {
        expect(cutAtMarks(text, match.marks).join('')).toBe(text);
        const ends = match.marks.flat();
        expect(ends).toEqual([...ends].sort((a, b) => a - b));
      }
      expect(matchWords(text, text)).not.toBeNull();
    }),
  );
});
