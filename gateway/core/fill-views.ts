import type { Held } from './apply-updates.ts';
import { isHeld } from './metric-views.ts';
import type { Steps } from './steps.ts';

/** Whether there are views that `fillViews` would give their first contents. */
export function hasFillable({ empty, metrics }: Held): boolean {
  for (const view of empty) {
    const of = metrics.get(view.request.metric, view.version);
    if (of !== undefined && !isHeld(of, view)) return true;
  }
  return false;
}

/** Gives views whose history is there their first contents, as of the cursor offset at the end of it. One runs at a time. */
export function* fillViews({ empty, metrics, changed, stride }: Held, offset: () => number): Steps {
  for (const view of empty) {
    const of = metrics.get(view.request.metric, view.version);
    if (of === undefined || isHeld(of, view)) continue;
    view.filling = true;
    let touched = 0;
    for (const pane of of.hot.panesOf(Math.max(view.cut, view.start), Number.POSITIVE_INFINITY)) {
      for (const cell of of.hot.pane(pane)?.values() ?? []) {
        view.touch(cell, offset(), null);
        if (++touched % stride === 0) yield;
      }
    }
    yield* view.compute();
    changed.add(view);
    // What was put together so far is nothing where everything is read again.
    if (!view.filling) continue;
    view.filling = false;
    view.floor = offset();
    empty.delete(view);
  }
}
