import type { RollUpStep, RollUpSteps, RowSpan } from '../core/roll-ups/roll-up-step.ts';
import type { Shared } from '../deps.ts';

/** Does the steps, one after the other. Returns null when the worker closes before the end; what is done stays done, and can be done again. */
export async function runRollUps<T>(
  { store, closing }: Pick<Shared, 'store' | 'closing'>,
  steps: RollUpSteps<T>,
): Promise<T | null> {
  for (let next = steps.next(null); ; ) {
    if (next.done === true) return next.value;
    if (closing.aborted) return null;
    next = steps.next(await doStep(store, next.value));
  }
}

async function doStep(store: Shared['store'], one: RollUpStep): Promise<RowSpan | null> {
  switch (one.step) {
    case 'span': {
      const { tier, rows, step: _, ...range } = one;
      return store.readPaneSpan(range, tier, rows);
    }
    case 'roll-up':
      await store.rollUp(one.rollUps);
      return null;
    case 'mark':
      await store.insertMarks(one.marks);
      return null;
  }
}
