import { FAULT } from '../schema/fault.ts';
import type { Schema, Static } from '../schema/schema.ts';

/** Bytes of a refused text that are recorded, and characters of a User-Agent. */
export const MAX_REJECTED_BODY = 1_024;
export const MAX_REJECTED_AGENT = 200;

const NUMBER = { type: 'number' } as const satisfies Schema;
const TIME = { type: 'number', description: 'Epoch ms' } as const satisfies Schema;

/** A record of the `rejected` topic: one refused event or request. It never holds a key or an Authorization header. */
export const REJECTED_RECORD = {
  type: 'object',
  required: ['time', 'code', 'message', 'body'],
  properties: {
    ...FAULT.properties,
    time: TIME,
    status: {
      type: 'number',
      description: 'HTTP status, if nothing of the request was accepted; absent for one event of several',
    },
    body: {
      type: 'string',
      description: 'The refused text, at most 1 KB; empty if the body was not read',
    },
    // Of what came over HTTP; absent for what a producer wrote to `events`.
    network: {
      type: 'string',
      description: 'The kind of address that it came from: loopback, private or public',
    },
    agent: { type: 'string', description: 'User-Agent, at most 200 characters' },
    key: { type: 'string', description: 'Id of the key, if a known one was sent' },
    position: {
      type: 'object',
      required: ['partition', 'offset', 'index'],
      properties: { partition: NUMBER, offset: NUMBER, index: NUMBER },
      description: 'Of an event that a producer wrote to the topic events',
    },
  },
} as const satisfies Schema;

const LEFT_OUT = {
  type: 'object',
  additionalProperties: { type: 'integer', minimum: 0 },
} as const satisfies Schema;

/** Another record of the topic: how many refusals of each code were counted in a while and not recorded. */
export const LEFT_OUT_RECORD = {
  type: 'object',
  required: ['time', 'since', 'leftOut'],
  properties: { time: TIME, since: TIME, leftOut: LEFT_OUT },
} as const satisfies Schema;

/** An answer of `GET /v1/rejected`. */
export const REJECTED_PAGE = {
  type: 'object',
  required: ['rejected', 'leftOut', 'next'],
  properties: {
    rejected: { type: 'array', items: REJECTED_RECORD, description: 'Newest first' },
    leftOut: {
      ...LEFT_OUT,
      description: 'By code: refusals of that time that were counted and not recorded',
    },
    next: {
      type: ['string', 'null'],
      description: '`cursor` of the next page, of older ones; null at the end',
    },
  },
} as const satisfies Schema;

export type RejectedRecord = Static<typeof REJECTED_RECORD>;
export type LeftOutRecord = Static<typeof LEFT_OUT_RECORD>;
export type RejectedPage = Static<typeof REJECTED_PAGE>;
