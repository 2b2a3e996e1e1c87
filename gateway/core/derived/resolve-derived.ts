import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { pathsIn } from '#contracts/filter/filter.ts';
import { formatDuration } from '#contracts/text/duration.ts';
import { earlierStep, resolveView, type ViewRules } from '#contracts/view/resolve-view.ts';
import type { View } from '#contracts/view/view.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import type { ExpandedMetric } from './expand-derived.ts';
import { leavesOf, shiftOf } from './plan-parts.ts';

/** The one value of a derived metric. */
export const OUTPUTS = ['value'];

/** Completes a request by the metric and its parts, or refuses what they do not allow. */
export function resolveDerived(
  request: ViewRequest,
  metric: ExpandedMetric,
  { zoneOf }: Pick<ViewRules, 'zoneOf'>,
): Result<View> {
  const view = resolveView(request, metric, { zoneOf, outputs: OUTPUTS });
  if (!view.ok) return view;
  const { windows, where, compare } = view.value;
  const lacking = pathsIn(where).flatMap((path) => {
    const part = metric.parts.find(({ dimensions }) => !dimensions.includes(path));
    return part === undefined ? [] : [{ path, part: part.metric.id }];
  })[0];
  if (lacking !== undefined) {
    const message = `where: ${shown(lacking.path)} is not a dimension of ${lacking.part}, which ${metric.id} is computed from. A filter takes dimensions that all parts have; else group by it.`;
    return refuse('not_a_dimension', message, 'where');
  }
  const shifts = leavesOf(metric.expression).flatMap(({ shift }) => (shift > 0 ? [shift] : []));
  const step = earlierStep(windows, metric.pane);
  const odd = shifts.find((shift) => step === undefined || shift % step !== 0);
  if (odd !== undefined) {
    const unit = windows.kind === 'calendar' ? `${windows.unit}s` : 'windows';
    const fits = step === undefined ? 'hours, days or weeks' : `a multiple of ${formatDuration(step)}`;
    const message = `window: ${metric.id} has previous(…, ${formatDuration(odd)}), and ${unit} are earlier by ${fits} only.`;
    return refuse('invalid_view', message, 'window');
  }
  if (shifts.length === 0 || compare === null || shiftOf(compare, view.value) !== null) return ok(view.value);
  const message = `compare: ${metric.id} has previous(…), and is compared with as much earlier as a duration says, such as "7d".`;
  return refuse('invalid_view', message, 'compare');
}
