import { countOf, endOfTimeline, type Timeline } from '#contracts/view/timeline.ts';
import type { View } from '#contracts/view/view.ts';
import { stepBack } from '#contracts/view/windows.ts';

/**
 * Returns the view of only the newest windows of a range, about that share of them; null where the values of a part are not those of the whole:
 * one window over all, groups that are ranked, and an earlier range, which moves with the length.
 */
export function narrowTo(view: View, timeline: Timeline | null, share: number): View | null {
  if (timeline === null || view.windows.kind === 'whole' || view.top !== null || view.compare !== null)
    return null;
  const count = countOf(timeline);
  const windows = Math.max(1, Math.floor(count * share));
  if (windows >= count) return null;
  if (view.range.kind === 'last') return { ...view, range: { kind: 'last', windows } };
  // Windows of a period may begin with it.
  if (view.range.kind === 'period') return null;
  const from = stepBack(timeline.windows, timeline.last, windows - 1);
  return { ...view, range: { kind: 'between', from, to: Math.min(view.range.to, endOfTimeline(timeline)) } };
}
