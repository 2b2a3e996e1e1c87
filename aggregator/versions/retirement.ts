import { foldsOf } from '#contracts/log/definition-record.ts';
import type { Shared } from '../deps.ts';

/** Which metric versions a partition need not fold any more. */
export interface Retirement {
  isDue(metric: string, version: number): boolean;
  /** Drops what no owner folds any more. */
  forget(): void;
}

/**
 * A version of a deleted metric ends at once. A replaced one is folded a while longer: a gateway that reads the
 * newer one's history still shows the old one, and must not show less than was counted.
 */
export function createRetirement({ catalog, clock, owners, settings }: Shared): Retirement {
  const replacedAt = new Map<string, number>();
  return {
    isDue(metric, version) {
      // A version that the catalog has not come to yet was started by another worker.
      if (version >= catalog.next) return false;
      const definition = catalog.catalog.metrics.get(metric);
      if (definition === undefined) return true;
      if (foldsOf(definition).some((fold) => fold.version === version)) return false;
      const name = nameOf(metric, version);
      const since = replacedAt.get(name) ?? clock();
      replacedAt.set(name, since);
      return clock() - since >= settings.retireAfter;
    },
    forget() {
      const folded = [...owners.values()].flatMap(({ live }) => live.active);
      const names = new Set(folded.map(({ metric, version }) => nameOf(metric, version)));
      for (const name of replacedAt.keys()) if (!names.has(name)) replacedAt.delete(name);
    },
  };
}

const nameOf = (metric: string, version: number): string => `${version} ${metric}`;
