import { expect, it } from 'vitest';
import { compileActive } from './compile-metric.ts';
import { createVerdicts } from './verdict-of.ts';

const T0 = 1_700_000_000_000;

it('an event without a key is absent from sequences, whether their aggregate has a field or none', () => {
  const verdictOf = (aggregate: string, key: string | null) => {
    const compiled = compileActive('m', { event: '*', aggregate, window: '1s' });
    const event = { event: 'visit', id: null, key, ts: T0, properties: { n: 5 } };
    return createVerdicts(compiled)(event, null);
  };
  const counted = { outcome: 'counted', pane: T0, group: [] };
  expect(verdictOf('sessions(30m)', 'k')).toEqual({ ...counted, value: 1 });
  expect(verdictOf('increase(n)', 'k')).toEqual({ ...counted, value: 5 });
  for (const aggregate of ['sessions(30m)', 'increase(n)'])
    expect(verdictOf(aggregate, null)).toMatchObject({ outcome: 'absent', field: '$key', found: 'nothing' });
});
