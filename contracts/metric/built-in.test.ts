import { describe, expect, it } from 'vitest';
import { checkAggregate } from '#aggregates/registry.ts';
import { BUILT_IN_METRICS, isBuiltIn } from './built-in.ts';
import { formatMetric, parseMetric } from './metric.ts';

const rules = { checkAggregate, horizon: 3_600_000 };

describe.each(Object.entries(BUILT_IN_METRICS))('the built-in metric %s', (id, body) => {
  it('is defined in canonical form', () => {
    const read = parseMetric(id, body, { ...rules, stored: true });
    expect(read.ok && formatMetric(read.value)).toEqual(body);
  });

  it('has an id that no person can give', () => {
    const { id: _, ...rest } = body;
    expect(parseMetric(id, rest, rules)).toMatchObject({ ok: false, fault: { code: 'invalid_definition' } });
  });
});

it('knows only its own ids', () => {
  expect(['events', '$other', 'toString', ''].filter(isBuiltIn)).toEqual([]);
});
