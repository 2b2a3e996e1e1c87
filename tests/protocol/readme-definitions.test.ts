import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkAggregate } from '#aggregates/registry.ts';
import { parseBoard } from '#contracts/board/board.ts';
import { parseMetric } from '#contracts/metric/metric.ts';
import { readYaml } from '#gateway/routes/definitions/yaml-text.ts';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const EXAMPLES = [...README.matchAll(/\/v1\/(metrics|boards)\/(\w+) .*<<'YAML'\n([\s\S]*?)^YAML$/gm)];

it.each(EXAMPLES.map((m) => m.slice(1, 4)))('README.md shows %s/%s as the API takes it', (kind, id, text) => {
  const body = readYaml(text!);
  if (!body.ok) throw new Error(body.fault.message);
  const rules = { checkAggregate, horizon: 3_600_000 };
  const read = kind === 'metrics' ? parseMetric(id!, body.value, rules) : parseBoard(id!, body.value);
  expect(read).toMatchObject({ ok: true });
});

it('README.md shows a metric and a board', () => {
  expect(EXAMPLES.map((m) => m[1])).toEqual(['metrics', 'boards']);
});
