import { aggregateOf, checkAggregate } from '#aggregates/registry.ts';
import { type Fault, ok, type Result, refuse } from '#contracts/errors.ts';
import { METRIC, parseMetric } from '#contracts/metric/metric.ts';
import { openApiOf } from '#contracts/schema/open-api.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import { nullable, type Schema } from '#contracts/schema/schema.ts';
import { checkTexts } from '#contracts/text/check-texts.ts';
import { PREVIEW_VIEW, parsePreviewRequest, UNSAVED_DEFINITION } from '#contracts/view/preview-request.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import type { ZoneOf } from '#platform/time/zone-table.ts';
import { resolveRequest } from '../views/metric-lookup.ts';
import type { PreviewAsked } from './run-preview.ts';

/** The body of `POST /v1/preview`. */
const PREVIEW_REQUEST = {
  type: 'object',
  required: ['definition'],
  additionalProperties: false,
  subject: 'A preview is an object with at least definition',
  member: 'a field of a preview; allowed are',
  properties: { definition: UNSAVED_DEFINITION, view: nullable(PREVIEW_VIEW) },
} as const satisfies Schema;

/** The body for /openapi.json. */
export const PREVIEW_BODY = {
  ...openApiOf(PREVIEW_REQUEST, { description: 'A definition that is not saved, and what to show of it' }),
  properties: {
    definition: openApiOf(METRIC, { description: 'A metric, as it would be saved' }),
    view: openApiOf(PREVIEW_VIEW),
  },
};

/** The id of a definition that has none yet. */
const NAMELESS = 'preview';
/** No metric version has it. */
export const UNSAVED = 0;

export interface PreviewRules {
  horizon: number;
  zoneOf: ZoneOf;
}

/** Reads the body, or refuses it as the definition or the view would be refused. */
export function readPreview(body: unknown, rules: PreviewRules): Result<PreviewAsked> {
  const unfit = checkTexts(body, 'invalid_definition');
  if (unfit !== null) return { ok: false, fault: unfit };
  const read = readAs(PREVIEW_REQUEST, body, { code: 'invalid_definition' });
  if (!read.ok) return read;
  const { definition, view } = read.value;
  return resolveDefined(definition, view ?? {}, { ...rules, view: 'view.' });
}

/** Reads a subscription of a definition. */
export function readPreviewSubscription(raw: unknown, rules: PreviewRules): Result<PreviewAsked> {
  const read = parsePreviewRequest(raw);
  if (!read.ok) return read;
  const { definition, ...view } = read.value;
  // More narrowly than the texts of a message: those of a definition are kept.
  const unfit = checkTexts({ definition }, 'invalid_definition');
  if (unfit !== null) return { ok: false, fault: unfit };
  return resolveDefined(definition, view, { ...rules, definition: 'definition.' });
}

/** `definition` and `view`: where the fields of each are in what is read. */
function resolveDefined(
  definition: Record<string, unknown>,
  view: Omit<ViewRequest, 'metric'>,
  at: PreviewRules & { definition?: string; view?: string },
): Result<PreviewAsked> {
  const { horizon, zoneOf } = at;
  const inDefinition = (fault: Fault) => ({ ok: false as const, fault: below(at.definition, fault) });
  if (Object.hasOwn(definition, 'expression'))
    return inDefinition(refuse('invalid_definition', DERIVED, 'expression').fault);
  const id = typeof definition.id === 'string' ? definition.id : NAMELESS;
  const metric = parseMetric(id, definition, { checkAggregate, horizon });
  if (!metric.ok) return inDefinition(metric.fault);
  const known = { version: UNSAVED, metric: metric.value, aggregate: aggregateOf(metric.value.aggregate) };
  const shown = resolveRequest({ ...view, metric: id }, known, zoneOf);
  return shown.ok ? ok({ known, view: shown.value }) : { ok: false, fault: below(at.view, shown.fault) };
}

const DERIVED =
  'expression: a preview folds events; what is derived of other metrics has values as soon as it is saved.';

/** What is wrong with a part of what was sent, by its place in that. */
const below = (path = '', { field, ...fault }: Fault): Fault => ({
  ...fault,
  ...(field === undefined ? {} : { field: `${path}${field}` }),
});
