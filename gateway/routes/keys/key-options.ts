import { KEY_FIELDS, SCOPES } from '#contracts/key.ts';
import { PROBLEM_SCHEMA } from '#platform/http/refusals/problem.ts';

const list = (description: string) => ({ type: ['array', 'null'], items: { type: 'string' }, description });
const scope = { type: 'string', enum: SCOPES };

const GRANT = {
  name: { type: 'string', description: 'For people: who uses the key, and for what.' },
  scope: { type: 'array', items: scope },
  metrics: list('Metrics that the key may read; null: all.'),
  origins: list('Origins of the pages that may use the key; null: all.'),
  expires: { type: ['string', 'null'], description: 'When the key expires; null: never.' },
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
      summary: 'Create a key; this response is the only one that shows it',
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
          description: 'Valid at once on this gateway, and within a second everywhere.',
        },
        400: problem('invalid_definition: the message names the field that is wrong'),
        409: problem('too_many_definitions: the limit of keys is reached'),
      },
    },
  },
  list: {
    ...accepted,
    schema: {
      tags,
      summary: 'List all keys, oldest first, without their secrets',
      response: {
        200: { type: 'object', required: ['keys'], properties: { keys: { type: 'array', items: KEY } } },
      },
    },
  },
  revoke: {
    ...accepted,
    schema: {
      tags,
      summary: 'Revoke a key; its open connections are closed',
      params: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
      response: {
        204: { type: 'null', description: 'Revoked' },
        404: problem('unknown_key: there is no such key'),
      },
    },
  },
} as const;
