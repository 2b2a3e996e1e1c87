import { describe, expect, it } from 'vitest';
import { checkAggregate } from '#aggregates/registry.ts';
import { HOUR, SECOND } from '../text/duration.ts';
import { builtInMetrics, isBuiltIn } from './built-in.ts';
import { formatMetric, parseMetric } from './metric.ts';

const rulesOf = (horizon: number) => ({ checkAggregate, horizon });

describe.each([HOUR, 90 * SECOND, SECOND])('built-in metrics, with a horizon of %i ms,', (horizon) => {
  const all = Object.entries(builtInMetrics(horizon));

  it('are defined in canonical form, and within the horizon', () => {
    for (const [id, body] of all) {
      const read = parseMetric(id, body, { ...rulesOf(horizon), stored: true });
      expect(read.ok && formatMetric(read.value)).toEqual(body);
    }
  });

  it('have ids that no person can give', () => {
    for (const [id, { id: _, ...body }] of all) {
      expect(isBuiltIn(id)).toBe(true);
      expect(parseMetric(id, body, rulesOf(horizon))).toMatchObject({
        ok: false,
        fault: { code: 'invalid_definition' },
      });
    }
  });
});

it('knows only its own ids', () => {
  expect(['events', '$other', 'toString', ''].filter(isBuiltIn)).toEqual([]);
});
