import { checkAggregate } from '#aggregates/registry.ts';
import { type Fault, MillraceError, shown } from '#contracts/errors.ts';
import { type Definition, foldsOf } from '#contracts/log/definition-record.ts';
import { isBuiltIn } from '#contracts/metric/built-in.ts';
import { DERIVED_METRIC, formatDerived, isDerived, parseDerived } from '#contracts/metric/derived-metric.ts';
import { metricsIn } from '#contracts/metric/expression/expression.ts';
import { foldText, formatMetric, METRIC, parseMetric } from '#contracts/metric/metric.ts';
import { openApiOf } from '#contracts/schema/open-api.ts';
import { checkTexts } from '#contracts/text/check-texts.ts';
import { formatDuration } from '#contracts/text/duration.ts';
import type { Filled } from '#contracts/view/backfill-progress.ts';
import { mayRead, metricRefusal } from '#platform/access/caller.ts';
import type { BackfillStatus } from '../../status/backfill-status.ts';
import { expandServed } from '../../views/metric-lookup.ts';
import { type DefinitionKind, oncePerBody } from './definition-kind.ts';

/** Metrics. A change of what is folded makes a new version, served once its history is filled in (rule 7). */
export function createMetricKind(
  horizon: number,
  backfills: Pick<BackfillStatus, 'read'>,
  metrics: ReadonlyMap<string, Definition>,
): DefinitionKind {
  // A stored metric was checked when it was put; a horizon that has become smaller since does not make it unreadable.
  const readStored = (id: string, body: unknown) =>
    parseMetric(id, body, { checkAggregate, horizon: Number.POSITIVE_INFINITY, stored: true });
  const foldOf = (id: string, body: unknown): string | null => {
    const metric = readStored(id, body);
    return metric.ok ? foldText(metric.value) : null;
  };
  const foldedFault = oncePerBody(({ id, body }) => {
    const stored = readStored(id, body);
    if (!stored.ok) return stored.fault;
    const now = parseMetric(id, body, { checkAggregate, horizon, stored: true });
    if (now.ok) return null;
    const { fault: late } = now;
    return {
      ...late,
      message: `${late.message} MILLRACE_HORIZON is smaller than when the metric was defined: raise it, or define the metric with a shorter lateness.`,
    };
  });
  return {
    kind: 'metric',
    plural: 'metrics',
    unknown: 'unknown_metric',
    refusals: [
      'unknown_aggregate',
      'invalid_window',
      'invalid_filter',
      'invalid_expression',
      'unknown_part',
      'unit_mismatch',
      'out_of_range',
      'lone_surrogate',
      'too_deep',
      'built_in_metric',
    ],
    forbid: (caller, id) => (mayRead(caller, id) ? null : metricRefusal(id)),
    protect: (id) => (isBuiltIn(id) ? builtIn(id) : null),
    schema: { anyOf: [openApiOf(METRIC), openApiOf(DERIVED_METRIC)] },
    needsOthers: isDerived,
    checkRemoval: (id) => inUse(id, metrics),
    read(id, body) {
      const unfit = checkTexts(body, 'invalid_definition');
      if (unfit !== null) throw new MillraceError(unfit);
      if (isDerived(body)) return readComputed(id, body, { metrics, horizon });
      const metric = parseMetric(id, body, { checkAggregate, horizon });
      if (!metric.ok) throw new MillraceError(metric.fault);
      return formatMetric(metric.value);
    },
    versionOf(body, current) {
      if (current === undefined || isDerived(body)) return null;
      const fold = foldOf(current.id, body);
      const same = foldsOf(current).filter((known) => foldOf(current.id, known.body) === fold);
      return same.at(-1)?.version ?? null;
    },
    fault: (definition) =>
      isDerived(definition.body) ? computedFault(definition, { metrics, horizon }) : foldedFault(definition),
    async describe(definition) {
      const { version, served } = definition;
      const filled = isDerived(served.body) ? null : await readFilled(definition, backfills);
      return {
        'millrace-version': String(served.version),
        ...(version === served.version ? {} : { 'millrace-pending-version': String(version) }),
        ...(filled === null
          ? {}
          : { 'millrace-backfilled': filled === 'unknown' ? filled : progressOf(filled) }),
        ...(filled === null || filled === 'unknown' || filled.failing === undefined
          ? {}
          : { 'millrace-backfill': asciiJson({ state: 'failing', ...filled.failing }) }),
      };
    },
    async list(definitions) {
      const folded = definitions.filter(({ body }) => !isDerived(body));
      const folds = folded.map(({ id, version }) => ({ metric: id, version }));
      const filled = await backfills.read(folds).catch(() => null);
      if (filled === null) return { fills: null };
      const lacking = folded.flatMap(({ id, version }, i) => {
        const state = filled[i];
        return state === null || state === undefined ? [] : [{ id, version, ...state }];
      });
      return lacking.length === 0 ? {} : { fills: lacking };
    },
  };
}

const builtIn = (id: string): Fault => ({
  code: 'built_in_metric',
  field: 'id',
  message: `The metric ${shown(id)} is built in: it can be read, and neither changed nor deleted.`,
});
/** What a derived metric is judged by. */
interface Others {
  metrics: ReadonlyMap<string, Definition>;
  horizon: number;
}

function readComputed(id: string, body: unknown, { metrics, horizon }: Others): Record<string, unknown> {
  const derived = parseDerived(id, body);
  if (!derived.ok) throw new MillraceError(derived.fault);
  const expanded = expandServed(metrics, derived.value, horizon);
  if (!expanded.ok) throw new MillraceError(expanded.fault);
  const { window, pane } = expanded.value;
  // Pages read from a definition which windows they may ask for.
  if (derived.value.window === null || derived.value.window === window)
    return formatDerived({ ...derived.value, window });
  throw new MillraceError({
    code: 'invalid_window',
    field: 'window',
    message: `window: expected a multiple of the panes of ${formatDuration(pane)}, got ${formatDuration(derived.value.window)}.`,
  });
}

/** Returns why a stored derived metric has no values: its parts may have changed since it was put. */
function computedFault({ id, body }: Definition, { metrics, horizon }: Others): Fault | null {
  const derived = parseDerived(id, body, { stored: true });
  if (!derived.ok) return derived.fault;
  const expanded = expandServed(metrics, derived.value, horizon);
  return expanded.ok ? null : expanded.fault;
}

/** Refuses to delete what others are computed from. */
function inUse(id: string, metrics: ReadonlyMap<string, Definition>): Fault | null {
  const uses = ({ id: user, body }: Definition): boolean => {
    const derived = isDerived(body) ? parseDerived(user, body, { stored: true }) : null;
    return derived?.ok === true && metricsIn(derived.value.expression).includes(id);
  };
  const users = [...metrics.values()].filter(uses).map((user) => user.id);
  if (users.length === 0) return null;
  const named = users.slice(0, 10).sort().join(', ');
  const more = users.length > 10 ? ` and ${users.length - 10} more` : '';
  return {
    code: 'metric_in_use',
    field: 'id',
    message: `${id} is used by ${named}${more}: change or delete what is computed from it first.`,
  };
}

/** Returns `unknown` while the Store is away: a definition can be read without it. */
const readFilled = async (
  { id, version }: Definition,
  backfills: Pick<BackfillStatus, 'read'>,
): Promise<Filled | null | 'unknown'> => {
  try {
    const [filled] = await backfills.read([{ metric: id, version }]);
    return filled ?? null;
  } catch {
    return 'unknown';
  }
};

/** The number of partitions that have the history of the newest version, such as `3/4`. */
const progressOf = ({ done, of }: Filled): string => `${done}/${of}`;

/** JSON that a header can hold. */
const asciiJson = (value: object): string =>
  JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
