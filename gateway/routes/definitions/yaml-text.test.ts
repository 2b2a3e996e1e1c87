import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { Lexer } from 'yaml';
import { checkYamlSize, readYaml, writeYaml } from './yaml-text.ts';

/** Texts that cost a parser more than their length, or make it say very much. */
const UNITS = [
  ',',
  '[',
  ']',
  '{',
  '{,',
  '!a ',
  '- !a b\n',
  '&a ',
  '- &a b\n',
  '- *a\n',
  '"',
  '"" ',
  '---\n',
  '...\n',
].concat(
  '%TAG ! a\n',
  '#\n',
  '\n',
  '- ',
  '? ',
  ': ',
  'a: ',
  '- @\n',
  'a:\n',
  '? a\n: b\n',
  '[a, b]\n',
  '- {<<: *a}\n',
);

it.each(UNITS)('looks at no more of %j, again and again, than a definition may have', (unit) => {
  let parts = 0;
  const lex = vi.spyOn(Lexer.prototype, 'lex').mockImplementation(function* (this: Lexer, ...args) {
    for (const part of original.call(this, ...args)) {
      parts++;
      yield part;
    }
  });
  const text = `a: ${unit.repeat(200_000 / unit.length)}`;
  expect(readYaml(text).ok).toBe(false);
  lex.mockRestore();
  // Once to look, and where that finds nothing once to parse.
  expect(parts).toBeLessThanOrEqual(2 * 20_001);
});
const original = Lexer.prototype.lex;

it('stops at the first of many remarks, and says where', () => {
  const text = `event: a\ntitle: "${'\\q'.repeat(100_000)}"`;
  const read = readYaml(text);
  expect(read).toMatchObject({ ok: false, fault: { code: 'invalid_definition' } });
  expect(read.ok || read.fault.message).toMatch(/line 2, column \d+$/);
});

it('takes a board of 100 panels with filters', () => {
  const panels = Array.from({ length: 100 }, (_, i) => ({
    id: `panel_${i}`,
    kind: 'top',
    title: `Panel ${i} with a title`,
    place: { x: 0, y: i * 4, w: 6, h: 4 },
    view: {
      metric: 'checkout_latency',
      groupBy: ['country', 'plan'],
      where: { country: ['DE', 'FR', 'IT'], plan: 'pro' },
      range: '1h',
      window: '10s',
    },
    outputs: ['p50', 'p95'],
    limit: 10,
  }));
  const text = writeYaml({ title: 'Large', panels }, 262_144);
  expect(text).toMatch(/^title: Large\n/);
  expect(readYaml(text)).toEqual({ ok: true, value: { title: 'Large', panels } });
});

it('reads back whatever it writes, as YAML or as the JSON that YAML is', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(10, 262_144), (any, most) => {
      // As it is stored: JSON text has no negative zero.
      const value = JSON.parse(JSON.stringify(any));
      expect(readYaml(writeYaml(value, most))).toEqual({ ok: true, value });
    }),
    { numRuns: 300 },
  );
});

it('bounds brackets, tags, anchors and aliases by their number', () => {
  expect(checkYamlSize('['.repeat(17))?.message).toContain('nested');
  expect(checkYamlSize('- &a b\n'.repeat(201))?.message).toContain('anchors');
  expect(checkYamlSize('- &a b\n- *a\n'.repeat(90))).toBeNull();
});
