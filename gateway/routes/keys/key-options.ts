import { KEY_FIELDS, SCOPES } from '#contracts/key.ts';
import { PROBLEM_SCHEMA } from '#platform/http/refusals/problem.ts';

const list = (description: string) => ({ type: ['array', 'null'], items: { type: 'string' }, description });
const scope = { type: 'string', enum: SCOPES };

const GRANT = {
  name: { type: 'string', description: 'For people: whose it is, what for.' },
  scope: { type: 'array', items: scope },
  metrics: list('Metrics whose views it may open; null: all.'),
  origins: list('Origins of the pages that may use it; null: all.'),
  expires: { type: ['string', 'null'], description: 'When it is no longer taken; null: never.' },
} as const;

const KEY = {
  type: 'object',
  required: ['id', ...KEY_FIELDS, 'created'],
  properties: { id: { type: 'string' }, ...GRANT, created: { type: 'string' } },
} as const;

const accepted = {
  config: { access: 'admin' },
  validatorCompiler: () => () => true,
  serializerCompiler: () => JSON.stringify,
} as const;
const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: PROBLEM_SCHEMA } },
});
const tags = ['keys'];

/** Schemas describe, for /openapi.json; the readers of contracts/ judge. */
export const KEY_OPTIONS = {
  make: {
    ...accepted,
    schema: {
      tags,
      summary: 'Makes a key; this answer is the only one that shows it',
      body: {
        type: 'object',
        required: ['name', 'scope'],
        properties: { ...GRANT, scope: { oneOf: [scope, GRANT.scope] } },
      },
      response: {
        201: {
          ...KEY,
          required: [...KEY.required, 'key'],
          properties: { ...KEY.properties, key: { type: 'string' } },
          description: 'It counts at once here, and within a second everywhere.',
        },
        400: problem('invalid_definition: The field that is wrong is named'),
        409: problem('too_many_definitions: There are as many keys as the limit'),
      },
    },
  },
  list: {
    ...accepted,
    schema: {
      tags,
      summary: 'All keys, oldest first, without what is secret',
      response: {
        200: { type: 'object', required: ['keys'], properties: { keys: { type: 'array', items: KEY } } },
      },
    },
  },
  revoke: {
    ...accepted,
    schema: {
      tags,
      summary: 'Revokes a key; who is connected with it is sent away',
      params: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
      response: {
        204: { type: 'null', description: 'Gone' },
        404: problem('unknown_key: There is no such key'),
      },
    },
  },
} as const;
