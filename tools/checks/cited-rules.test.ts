import { expect, it } from 'vitest';
import { citedRules, statedRules, unguardedRules } from './cited-rules.ts';

/** Inserted by name, so that the check does not treat these texts as citations. */
const [FOUR, SEVEN, TWELVE] = [4, 7, 12];

it('finds a rule that is named, at its line, whatever surrounds it', () => {
  const text = [
    `// Late (rule ${FOUR}).`,
    `Rule ${SEVEN}'s formula, rule ${TWELVE}: so.`,
    `rule: '${FOUR}: first of all',`,
    `[rule ${SEVEN}](RULES.md#rule-${SEVEN}-so)`,
  ].join('\n');
  expect(citedRules(text)).toEqual([
    { line: 1, rule: 4 },
    { line: 2, rule: 7 },
    { line: 2, rule: 12 },
    { line: 3, rule: 4 },
    { line: 4, rule: 7 },
  ]);
});

it.each([`by rules ${FOUR} and ${SEVEN}`, `Rules ${FOUR}, ${SEVEN}`, `rule ${FOUR} or ${SEVEN}`])(
  'finds both of "%s"',
  (text) => {
    expect(citedRules(text).map(({ rule }) => rule)).toEqual([4, 7]);
  },
);

it('finds every one of three', () => {
  const texts = [`rules ${FOUR}, ${SEVEN}, and ${TWELVE}`, `rules ${FOUR},\n * ${SEVEN} and\n * ${TWELVE}`];
  for (const text of texts) expect(citedRules(text).map(({ rule }) => rule)).toEqual([4, 7, 12]);
});

it.each([' * ', '// ', '# ', '  '])('finds one that is broken over lines that begin with "%s"', (begin) => {
  expect(citedRules(`a function of the log (rule\n${begin}${FOUR}).`)).toEqual([{ line: 1, rule: 4 }]);
});

it('passes over other numbers', () => {
  const text = `the rule of PROTOCOL.md 1.4, ruler ${FOUR}, the rules hold for ${SEVEN} days, overrule ${FOUR}`;
  expect(citedRules(text)).toEqual([]);
});

const DOCUMENT = [
  '# Rules',
  `## Rule ${FOUR}: the first`,
  'As `gateway/keys.ts` does.',
  '**Tests.** `gateway/keys.test.ts`.',
  `## Rule ${TWELVE}: the other`,
  `As in rule ${SEVEN}, by \`gateway/keys.ts\`.`,
  '## The join',
  '**Tests.** `gateway/join.test.ts`.',
].join('\n');

it('treats headings as rules that are stated, and nothing else', () => {
  expect(statedRules(DOCUMENT)).toEqual(new Set([4, 12]));
});

it('names a rule that no test guards', () => {
  expect(unguardedRules(DOCUMENT)).toEqual([`Rule ${TWELVE}: the other`]);
});
