import { ok, type Result } from '../errors.ts';
import { readAs } from '../schema/read-as.ts';
import type { Schema, Static } from '../schema/schema.ts';
import { VIEW_REQUEST, type ViewRequest } from './view-request.ts';

const { metric: _, expression: __, ...VIEW_FIELDS } = VIEW_REQUEST.properties;

/** What is to be shown of a definition: a view request without its metric. */
export const PREVIEW_VIEW = {
  type: 'object',
  code: 'invalid_view',
  additionalProperties: false,
  subject: 'The view of a preview is an object',
  member: 'a field of the view of a preview; allowed are',
  description: 'A view request without its metric; default: that of the definition, over 15m',
  properties: VIEW_FIELDS,
} as const satisfies Schema;

/** A metric that is not saved. What is in it is read as `PUT /v1/metrics/:id` reads it. */
export const UNSAVED_DEFINITION = {
  type: 'object',
  additionalProperties: {},
  expected: 'a metric such as { event: "checkout", aggregate: "count" }',
  description: 'A metric, as it would be saved',
} as const satisfies Schema;

/** A view request with a definition in the place of its metric. */
export const PREVIEW_SUBSCRIPTION = {
  ...PREVIEW_VIEW,
  required: ['definition'],
  subject: 'A view of a definition is an object with at least definition',
  member: 'a field of a view of a definition; allowed are',
  description: 'A view of a definition that is not saved',
  properties: { definition: UNSAVED_DEFINITION, ...VIEW_FIELDS },
} as const satisfies Schema;

type SentPreview = Static<typeof PREVIEW_SUBSCRIPTION>;

/** What a subscriber asks for who wants to see a definition before it is saved. */
export interface PreviewRequest extends Omit<ViewRequest, 'metric'>, Pick<SentPreview, 'definition'> {
  metric?: undefined;
}

/** What a subscriber asks for. */
export type SubscribeRequest = (ViewRequest & { definition?: undefined }) | PreviewRequest;

/** Reads the shape of a request; what the definition says, and what it allows, is judged later. */
export function parsePreviewRequest(raw: unknown): Result<PreviewRequest> {
  const read = readAs(PREVIEW_SUBSCRIPTION, raw, { code: 'invalid_view' });
  return read.ok ? ok(read.value) : read;
}
