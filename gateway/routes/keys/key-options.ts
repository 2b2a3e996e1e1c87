import { KEY_FIELDS, KEY_GRANT, SCOPE, SCOPES } from '#contracts/key.ts';
import { openApiOf } from '#contracts/schema/open-api.ts';
import { PROBLEM_SCHEMA } from '#platform/http/refusals/problem.ts';

const GRANT = KEY_GRANT.properties;

/** A key as it is shown: what it was asked for with, scopes as a list, times as text. */
const KEY = {
  type: 'object',
  required: ['id', ...KEY_FIELDS, 'created'],
  properties: {
    id: { type: 'string' },
    name: openApiOf(GRANT.name),
    scope: { type: 'array', items: openApiOf(SCOPE), description: GRANT.scope.description },
    metrics: openApiOf(GRANT.metrics),
    origins: openApiOf(GRANT.origins),
    expires: openApiOf(GRANT.expires, { type: ['string', 'null'] }),
    created: { type: 'string' },
  },
} as const;

/** What the key of a request may do. */
const OWN_KEY = {
  type: 'object',
  required: ['id', 'scope', 'metrics', 'origins', 'expires'],
  properties: {
    id: {
      type: ['string', 'null'],
      description: '`admin`: the key of the operator; null: none was sent, and none is needed',
    },
    scope: KEY.properties.scope,
    metrics: KEY.properties.metrics,
    origins: KEY.properties.origins,
    expires: KEY.properties.expires,
  },
  description: 'What it may do',
} as const;

const LISTED = {
  ...KEY,
  properties: {
    ...KEY.properties,
    lastUsed: {
      type: ['string', 'null'],
      description:
        'Of all processes, to within about a minute; null: never since uses are recorded. Absent while the Store does not answer.',
    },
  },
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

/** Schemas only describe, for /openapi.json; the readers in contracts/ validate. */
export const KEY_OPTIONS = {
  make: {
    ...accepted,
    schema: {
      tags,
      summary: 'Create a key; this response is the only one that shows it',
      body: openApiOf(KEY_GRANT),
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
        200: { type: 'object', required: ['keys'], properties: { keys: { type: 'array', items: LISTED } } },
      },
    },
  },
  own: {
    ...accepted,
    config: { access: SCOPES },
    schema: { tags, summary: 'What the key of the request may do', response: { 200: OWN_KEY } },
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
