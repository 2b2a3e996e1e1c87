import { afterEach, beforeEach, expect, vi } from 'vitest';
import { compileMetric } from '#aggregates/judge/compile-metric.ts';
import { aggregateOf } from '#aggregates/registry.ts';
import type { State } from '#contracts/metric/state.ts';
import { SECOND } from '#contracts/text/duration.ts';
import type { SeriesAnswer } from '#contracts/view/series-result.ts';
import { startGateway, type TestGateway } from '#gateway/testing/start-gateway.ts';

/** When something happened, and the value that it carried. */
export type Sample = readonly [at: number, value?: number | string];

/** So often at one time. */
export const times = (count: number, at: number, value?: number | string): Sample[] =>
  Array.from({ length: count }, () => (value === undefined ? [at] : [at, value]));

/** One after each step, from `from` on and before `to`. */
export const every = (step: number, from: number, to: number): Sample[] =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => [from + i * step]);

/** A metric `m` over the event `e`; without `pane` by the second. */
export interface StoredDefinition {
  aggregate: string;
  pane?: string;
  window?: string;
}

export interface StoredMetric {
  readonly gateway: TestGateway;
  /** Stores the metric's samples as panes, known up to `asOf`; returns its version. */
  store(definition: StoredDefinition, samples: readonly Sample[], asOf: number): Promise<number>;
  /** The answer over HTTP; what is no text is sent as JSON. Throws a refusal's body. */
  ask(query: Record<string, string | object>): Promise<SeriesAnswer>;
}

/** A metric of a gateway whose Store holds panes, for each test of the file. */
export function useStoredMetric(): StoredMetric {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startGateway();
  });
  afterEach(() => gateway.close());
  return {
    get gateway() {
      return gateway;
    },
    async store(definition, samples, asOf) {
      const full = { event: 'e', pane: '1s', ...definition };
      const { version } = await gateway.define('m', full);
      const { pane: size } = compiled(full).metric;
      const panes = Map.groupBy(samples, ([at]) => Math.floor(at / size) * size);
      await gateway.store.insertPanes(
        [...panes].map(([pane, own]) => {
          const state = stateOf(full, own);
          return { metric: 'm', version, pane, group: [], part: '0', state, next: 1 };
        }),
      );
      await gateway.facts(asOf, { next: 1, committed: 1, watermark: asOf });
      await vi.waitFor(() => expect(gateway.gateway.ready()).toBeNull(), { timeout: 10 * SECOND });
      return version;
    },
    async ask(query) {
      const texts = Object.entries(query).map(([name, value]): [string, string] => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]);
      const answer = await fetch(`${gateway.url}/v1/metrics/m/series?${new URLSearchParams(texts)}`);
      const body = await answer.text();
      if (!answer.ok) throw new Error(body);
      return JSON.parse(body) as SeriesAnswer;
    },
  };
}

export const valuesOf = ({ series }: Pick<SeriesAnswer, 'series'>, output?: string) =>
  series.find((one) => output === undefined || one.output === output)!.values;

export function compiled(definition: object) {
  const read = compileMetric('m', { ...definition }, Number.POSITIVE_INFINITY);
  if (!read.ok) throw new Error(read.fault.message);
  return read.value;
}

function stateOf(definition: object, samples: readonly Sample[]): State {
  const aggregate = aggregateOf(compiled(definition).metric.aggregate);
  const state = aggregate.create();
  for (const [i, [ts, value]] of samples.entries())
    aggregate.add(state, value, { ts, part: 0, offset: i, index: 0 });
  return aggregate.encode(state);
}
