import type { Filled } from '#contracts/view/backfill-progress.ts';
import type { GatewayDeps } from '../../deps.ts';
import { type Fold, readFilled } from '../../status/backfill-watch.ts';
import type { SystemFeed } from '../../status/system-tail.ts';

/** How far the history of metric versions is in, for answers about definitions. */
export interface FillStates {
  /** Of each fold, in order: null where all of its history is in. Rejects where the Store is away and something may be lacking. */
  of(folds: readonly Fold[]): Promise<(Filled | null)[]>;
}

/** Folds whose history is known to be in; beyond it all are looked at again. */
const MOST_KNOWN = 10_000;

/** What is in once stays in, so that only what may be lacking is looked for in the Store. */
export function createFillStates(
  deps: Pick<GatewayDeps, 'log' | 'store'>,
  system: Pick<SystemFeed, 'fillFailure'>,
): FillStates {
  const complete = new Set<string>();
  const keyOf = ({ metric, version }: Fold): string => `${version} ${metric}`;
  return {
    async of(folds) {
      const open = folds.filter((fold) => !complete.has(keyOf(fold)));
      if (open.length === 0) return folds.map(() => null);
      if (complete.size > MOST_KNOWN) complete.clear();
      const found = new Map<string, Filled>();
      for (const [i, filled] of (await readFilled(open, deps)).entries()) {
        const fold = open[i]!;
        if (filled.done >= filled.of) complete.add(keyOf(fold));
        else {
          const failing = system.fillFailure(fold.metric, fold.version);
          found.set(keyOf(fold), failing === null ? filled : { ...filled, failing });
        }
      }
      return folds.map((fold) => found.get(keyOf(fold)) ?? null);
    },
  };
}
