import { expect, it } from 'vitest';
import { readAs } from '#contracts/schema/read-as.ts';
import { METRIC_GROUPS, type MetricGroups } from '#contracts/view/metric-groups.ts';
import { until } from './subject.ts';
import type { ProtocolContext } from './use-protocol.ts';

/** How many groups a metric has, and which found no place: PROTOCOL.md 2.9. The cap is whatever the process has. */
export function describeGroups(context: ProtocolContext): void {
  const read = async (query: string): Promise<MetricGroups> => {
    const { subject } = context;
    const answer = await subject.ask(`/v1/metrics/${subject.metric}/groups?${query}`);
    expect(answer.status, await answer.clone().text()).toBe(200);
    const found = readAs(METRIC_GROUPS, await answer.json(), { code: 'wrong_type' });
    if (!found.ok) throw new Error(found.fault.message);
    return found.value;
  };

  it('are counted level by level, and agree with the series', async () => {
    const { subject } = context;
    await subject.post('a', 6);
    await subject.post('b', 3);
    const counted = await until(async () => {
      const found = await read('range=15m&limit=100');
      expect(found.events).toBe(9);
      return found;
    });
    expect(counted.metric).toBe(subject.metric);
    expect(counted.levels.map(({ dimensions }) => dimensions)).toEqual([['group'], ['group', 'size']]);
    expect(counted.levels.map(({ distinct, values }) => [distinct, values])).toEqual([
      [2, 2],
      [4, 2],
    ]);
    for (const { places, other, leftOut } of counted.levels) {
      expect(places).toBeLessThanOrEqual(counted.cap ?? 0);
      expect(leftOut.reduce((sum, { events }) => sum + events, 0)).toBe(other);
    }
    expect(counted.error).toBeLessThan(0.01);
  });

  it('refuse what cannot be read', async () => {
    const { subject } = context;
    for (const [query, code] of [
      ['limit=0', 'out_of_range'],
      ['range=soon', 'invalid_parameter'],
      ['from=1', 'invalid_parameter'],
    ]) {
      const answer = await subject.ask(`/v1/metrics/${subject.metric}/groups?${query}`);
      expect(((await answer.json()) as { code: string }).code).toBe(code);
    }
    const answer = await subject.ask('/v1/metrics/conformance-none/groups');
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      404,
      'unknown_metric',
    ]);
  });
}
