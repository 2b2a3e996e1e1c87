import { expect, it } from 'vitest';
import type { SeriesAnswer } from '../testing/series.ts';
import { until } from './subject.ts';
import type { ProtocolContext } from './use-protocol.ts';

/** Changes by plain HTTP: PROTOCOL.md 2.3. */
export function describeChanges(context: ProtocolContext): void {
  const ask = async (query: string): Promise<SeriesAnswer> => {
    const { metric, ask: askFor } = context.subject;
    const answer = await askFor(`/v1/metrics/${metric}/series?range=5m&groupBy=group&${query}`);
    expect(answer.status).toBe(200);
    return (await answer.json()) as SeriesAnswer;
  };

  it('answers a long-poll with what changed, so that a loop ends with the contents of a full answer', async () => {
    const { subject } = context;
    const held = new Map<string, number>();
    let next = '';
    const take = async (): Promise<void> => {
      const answer = await ask(`since=${next}&wait=1s`);
      expect(answer.full).toBe(next === '');
      for (const { group, values } of answer.series)
        for (const [i, value] of values.entries()) held.set(`${group.group} ${answer.panes[i]}`, value ?? 0);
      next = answer.next;
    };
    await take();
    for (const [group, n] of [
      ['a', 3],
      ['b', 1],
      ['a', 2],
    ] as const)
      await subject.post(group, n);
    await until(async () => {
      await take();
      const sum = [...held.values()].reduce((total, value) => total + value, 0);
      expect(sum).toBe(6);
    });
    // Where there are several gateways, another one may be a moment behind.
    await until(async () => {
      const { panes, series } = await ask('');
      // Before history begins there is no value.
      for (const { group, values } of series)
        for (const [i, value] of values.entries())
          expect(held.get(`${group.group} ${panes[i]}`) ?? 0).toBe(value ?? 0);
    });
  });

  it('gives everything to a token of another request, and refuses what is none', async () => {
    const { next } = await ask('window=1m');
    expect(await ask(`since=${next}&wait=20s`)).toMatchObject({ full: true });
    const { metric, ask: askFor } = context.subject;
    const refused = await askFor(`/v1/metrics/${metric}/series?since=none`);
    expect(await refused.json()).toMatchObject({ status: 400, code: 'invalid_parameter', field: 'since' });
  });
}
