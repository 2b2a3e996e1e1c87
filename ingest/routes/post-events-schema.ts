import { POST_ANSWER } from '#contracts/event/event.ts';
import { openApiOf } from '#contracts/schema/open-api.ts';
import { PROBLEM_SCHEMA } from '#platform/http/refusals/problem.ts';
import { EVENTS_QUERY } from '../core/read-events-query.ts';

const EVENT = {
  type: 'object',
  required: ['event'],
  additionalProperties: false,
  properties: {
    event: { type: 'string', minLength: 1, description: 'Name of the event.' },
    id: {
      type: 'string',
      minLength: 1,
      description: 'Unique id; a repeated event with the same id is counted once.',
    },
    key: {
      type: 'string',
      minLength: 1,
      description: 'For example a user id: events with the same key stay in order.',
    },
    timestamp: {
      anyOf: [{ type: 'string' }, { type: 'number' }],
      description:
        'ISO 8601 with a zone, or an epoch number in s, ms, µs or ns; absent: the time of receipt.',
    },
    properties: { type: 'object', additionalProperties: true },
  },
} as const;

const problem = (description: string) => ({ ...PROBLEM_SCHEMA, description });

export const POST_EVENTS_SCHEMA = {
  summary: 'Accept events',
  description:
    'One event, an array of events, or NDJSON; plain or compressed with gzip, br or zstd. The response is sent when every accepted event is durable.',
  consumes: ['application/json', 'application/x-ndjson'],
  querystring: openApiOf(EVENTS_QUERY),
  body: { anyOf: [EVENT, { type: 'array', items: EVENT }] },
  response: {
    200: openApiOf(POST_ANSWER, {
      description:
        'At least one event was accepted or was a duplicate, or the request held no events. Refused events are listed.',
    }),
    400: {
      ...problem(
        'The request cannot be read, or all of its events were refused; in that case the fields of a 200 response are included.',
      ),
      properties: { ...PROBLEM_SCHEMA.properties, ...POST_ANSWER.properties },
    },
    413: problem('The body, the batch or its only event exceeds a limit.'),
    415: problem('The content type or content encoding is not supported.'),
    429: problem('The key or the address has exceeded a rate limit; `field` names it.'),
    503: problem('Not stored: send it again after Retry-After with the same ids.'),
  },
} as const;
