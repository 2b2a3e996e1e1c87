import { ERRORS, type ErrorCode } from '#contracts/errors.ts';
import { FILLED } from '#contracts/view/backfill-progress.ts';
import { PROBLEM_SCHEMA } from '#platform/http/refusals/problem.ts';
import type { DefinitionKind } from './definition-kind.ts';

const BODY: ErrorCode[] = [
  'invalid_json',
  'invalid_utf8',
  'empty_body',
  'duplicate_key',
  'invalid_definition',
];
const WRITE: ErrorCode[] = [
  'precondition_failed',
  'too_many_definitions',
  'body_too_large',
  'unsupported_media_type',
  'log_unavailable',
];

const text = { type: 'string' };
const whole = { type: 'integer' };
const FAULT = {
  type: 'object',
  required: ['id', 'code', 'message'],
  properties: { id: text, code: text, message: text },
};
const FILLS = {
  type: ['array', 'null'],
  description:
    'Metrics whose back-fill is not complete: partitions done, and why the rest failed; null: unknown at the moment',
  items: {
    type: 'object',
    required: ['id', 'version', ...FILLED.required],
    properties: { id: text, version: whole, ...FILLED.properties },
  },
};

const READING = { config: { access: 'read' } } as const;
const CHANGING = { config: { access: 'admin' } } as const;

/** Schemas only describe, for /openapi.json: a definition is validated by its own reader, with better messages. */
export function optionsOf(
  { kind, plural, schema: definition, unknown, refusals }: DefinitionKind,
  bodyLimit: number,
) {
  const accepted = { validatorCompiler: () => () => true, serializerCompiler: () => JSON.stringify };
  const params = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] };
  const tags = [plural];
  const unread: ErrorCode[] = kind === 'metric' ? [unknown, 'forbidden_metric'] : [unknown];
  const found = { 200: { ...definition, description: `The ${kind} in canonical form, with its ETag` } };
  const put = {
    tags,
    summary: `Create or change a ${kind}; use If-Match to prevent lost updates`,
    consumes: ['application/json', 'application/yaml'],
    params,
    body: { ...definition, description: `The ${kind}` },
    response: {
      ...found,
      201: { ...definition, description: 'Created' },
      ...problems([...BODY, ...refusals, ...WRITE]),
    },
  };
  const gone = { 204: { type: 'null', description: 'Deleted' } };
  const lasting: ErrorCode[] = kind === 'metric' ? ['built_in_metric', 'metric_in_use'] : [];
  const removal = problems([unknown, ...lasting, 'precondition_failed', 'log_unavailable']);
  const all = {
    200: {
      type: 'object',
      description: `All ${plural}, by id`,
      required: [plural],
      properties: {
        [plural]: { type: 'array', items: definition },
        faults: {
          type: 'array',
          description: 'Stored definitions that cannot be used, and why',
          items: FAULT,
        },
        ...(kind === 'metric' ? { fills: FILLS } : {}),
      },
    },
  };
  return {
    get: {
      ...READING,
      ...accepted,
      schema: { tags, summary: `Get a ${kind}`, params, response: { ...found, ...problems(unread) } },
    },
    put: { ...CHANGING, ...accepted, bodyLimit, schema: put },
    delete: {
      ...CHANGING,
      ...accepted,
      schema: { tags, summary: `Delete a ${kind}`, params, response: { ...gone, ...removal } },
    },
    list: { ...READING, ...accepted, schema: { tags, summary: `List all ${plural}`, response: all } },
  };
}

/** Status → a problem that says which codes it comes with. */
export function problems(codes: readonly ErrorCode[]): Record<string, object> {
  const byStatus = Map.groupBy(codes, (code) => String(ERRORS[code].status));
  return Object.fromEntries(
    [...byStatus].map(([status, some]) => {
      const description = some.map((code) => `${code}: ${ERRORS[code].title}`).join('; ');
      return [status, { description, content: { 'application/problem+json': { schema: PROBLEM_SCHEMA } } }];
    }),
  );
}
