import { expect, it } from 'vitest';
import { applyDefinition, emptyCatalog } from '#contracts/log/definition-record.ts';
import { builtInMetrics } from '#contracts/metric/built-in.ts';
import { HOUR, MINUTE, SECOND } from '#contracts/text/duration.ts';
import { readLateness } from './latest-lateness.ts';

it('is the longest of the metrics that people defined for the name, else the default', () => {
  const catalog = emptyCatalog();
  const defined = {
    ...builtInMetrics(HOUR),
    a: { event: 'order', aggregate: 'count', lateness: '1s' },
    b: { event: ['order', 'visit'], aggregate: 'count', lateness: '5s' },
  };
  for (const [offset, [id, body]] of Object.entries(defined).entries())
    applyDefinition(catalog, { kind: 'metric', id, basedOn: null, body, version: null }, offset);
  const latenessOf = readLateness(catalog);
  expect(['order', 'visit', 'other'].map(latenessOf)).toEqual([5 * SECOND, 5 * SECOND, MINUTE]);
});
