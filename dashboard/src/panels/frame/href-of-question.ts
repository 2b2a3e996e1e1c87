import type { Panel } from '#contracts/board/panel.ts';
import { formatText } from '#contracts/filter/text-print.ts';
import { parseWhere } from '#contracts/filter/where.ts';
import { EXPLORE } from '../../app/place.ts';
import type { Router } from '../../app/router.svelte.ts';
import { chartKindOf } from '../../charts/trace/trace.ts';

/** Returns the address at which the question of a panel is explored, at the time that is shown; null for a panel of events. */
export function hrefOfQuestion(
  { hrefOf }: Pick<Router, 'hrefOf'>,
  { view, outputs, kind }: Panel,
): string | null {
  if (view === null) return null;
  const { metric, where, groupBy, window, compare } = view;
  const filters = parseWhere(where);
  return hrefOf(EXPLORE, null, {
    metric,
    output: outputs.length === 1 ? outputs[0]! : '',
    where: filters.ok ? formatText(filters.value) : '',
    // Names with a comma are written as a list.
    by:
      groupBy == null
        ? ''
        : groupBy.some((name) => /^\[|,/.test(name))
          ? JSON.stringify(groupBy)
          : groupBy.join(),
    every: typeof window === 'string' && /^\d/.test(window) ? window : '',
    against: typeof compare === 'string' ? compare : '',
    kind: chartKindOf(kind) ?? '',
  });
}
