import { aggregateOf, checkAggregate } from '#aggregates/registry.ts';
import { type Fault, ok, type Result, refuse } from '#contracts/errors.ts';
import { METRIC, parseMetric } from '#contracts/metric/metric.ts';
import { openApiOf } from '#contracts/schema/open-api.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import { nullable, type Schema } from '#contracts/schema/schema.ts';
import { checkTexts } from '#contracts/text/check-texts.ts';
import { VIEW_REQUEST } from '#contracts/view/view-request.ts';
import type { ZoneOf } from '#platform/time/zone-table.ts';
import type { PreviewAsked } from '../../previews/run-preview.ts';
import { resolveRequest } from '../../views/metric-lookup.ts';

const { metric: _, expression: __, ...VIEW_FIELDS } = VIEW_REQUEST.properties;

/** What is to be shown of the definition: a view request without its metric. */
const PREVIEW_VIEW = {
  type: 'object',
  code: 'invalid_view',
  additionalProperties: false,
  subject: 'The view of a preview is an object',
  member: 'a field of the view of a preview; allowed are',
  description: 'A view request without its metric; default: that of the definition, over 15m',
  properties: VIEW_FIELDS,
} as const satisfies Schema;

/** The body of `POST /v1/preview`. What is in the definition is read as `PUT /v1/metrics/:id` reads it. */
const PREVIEW_REQUEST = {
  type: 'object',
  required: ['definition'],
  additionalProperties: false,
  subject: 'A preview is an object with at least definition',
  member: 'a field of a preview; allowed are',
  properties: {
    definition: { type: 'object', additionalProperties: {}, description: 'A metric, as it would be saved' },
    view: nullable(PREVIEW_VIEW),
  },
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
const UNSAVED = 0;

/** Reads the body, or refuses it as the definition or the view would be refused. */
export function readPreview(
  body: unknown,
  { horizon, zoneOf }: { horizon: number; zoneOf: ZoneOf },
): Result<PreviewAsked> {
  const unfit = checkTexts(body, 'invalid_definition');
  if (unfit !== null) return { ok: false, fault: unfit };
  const read = readAs(PREVIEW_REQUEST, body, { code: 'invalid_definition' });
  if (!read.ok) return read;
  const { definition, view } = read.value;
  if (Object.hasOwn(definition, 'expression')) return refuse('invalid_definition', DERIVED, 'expression');
  const id = typeof definition.id === 'string' ? definition.id : NAMELESS;
  const metric = parseMetric(id, definition, { checkAggregate, horizon });
  if (!metric.ok) return metric;
  const known = { version: UNSAVED, metric: metric.value, aggregate: aggregateOf(metric.value.aggregate) };
  const shown = resolveRequest({ ...view, metric: id }, known, zoneOf);
  return shown.ok ? ok({ known, view: shown.value }) : { ok: false, fault: inView(shown.fault) };
}

const DERIVED =
  'expression: a preview folds events; what is derived of other metrics has values as soon as it is saved.';

/** What is wrong with the view, by its place in the body. */
const inView = ({ field, ...fault }: Fault): Fault => ({
  ...fault,
  ...(field === undefined ? {} : { field: `view.${field}` }),
});
