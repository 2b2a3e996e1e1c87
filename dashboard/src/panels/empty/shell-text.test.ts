import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shellWord } from './shell-text.ts';

it.each(['orders', 'localhost:8080/v1/metrics/orders'])('leaves %s as it is', (text) => {
  expect(shellWord(text)).toBe(text);
});

it.each(["it's", "'; echo hit; '", '$(echo hit)', '`echo hit`', 'a\nb', '{"event":"a b"}', '', '~', '!!'])(
  'keeps %j one word',
  (text) => expect(wordsOf([text])).toEqual([text]),
);

it('keeps any texts the words they are', () => {
  const texts = fc.array(fc.string({ unit: 'grapheme' }), { minLength: 50, maxLength: 50 });
  fc.assert(
    fc.property(texts, (given) => {
      const sent = given.map((text) => text.replaceAll('\0', ''));
      expect(wordsOf(sent)).toEqual(sent);
    }),
    { numRuns: 10 },
  );
});

/** What a shell makes of them. */
const wordsOf = (texts: readonly string[]): string[] => {
  const command = `printf '%s\\0' ${texts.map(shellWord).join(' ')}`;
  return execFileSync('sh', ['-c', command], { encoding: 'utf8' }).split('\0').slice(0, -1);
};
