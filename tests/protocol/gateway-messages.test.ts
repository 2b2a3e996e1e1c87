import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, expectTypeOf, it } from 'vitest';
import {
  readAuthReply,
  readFrame,
  readHeartbeat,
  readNotice,
  readReply,
  readTail,
} from '#client/live/read-messages.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import type { Static } from '#contracts/schema/schema.ts';
import { valuesOf } from '#contracts/schema/testing/values-of.ts';
import type { Frame } from '#contracts/view/frame.ts';
import type { AuthReply, Beat, Notice, SubscribeReply, Tail } from '#contracts/view/protocol.ts';
import { AUTH_REPLY, BEAT, FRAME, NOTICE, SUBSCRIBE_REPLY, TAIL } from './gateway-messages.ts';

const TEXT = readFileSync(new URL('../../docs/PROTOCOL.md', import.meta.url), 'utf8');
const examples = [...TEXT.matchAll(/^```json ([a-z-]+)[ a-z]*\n([\s\S]*?)^```$/gm)];

const MESSAGES = [
  ['frame', FRAME, readFrame],
  ['subscribe-reply', SUBSCRIBE_REPLY, readReply],
  ['beat', BEAT, readHeartbeat],
  ['notice', NOTICE, readNotice],
  ['auth-reply', AUTH_REPLY, readAuthReply],
  ['tail', TAIL, readTail],
] as const;

it.each(MESSAGES)('the client reads every %s', (_, schema, read) => {
  fc.assert(
    fc.property(valuesOf(schema), (message) => {
      expect(read(message)).toBe(message);
    }),
  );
});

it.each(MESSAGES)('PROTOCOL.md shows each %s whole', (kind, schema) => {
  const shown = examples.filter(([, found]) => found === kind).map(([, , text]) => JSON.parse(text!));
  expect(shown.length).toBeGreaterThan(0);
  for (const message of shown) {
    const read = readAs(schema, message, { code: 'wrong_type', of: kind });
    expect(read.ok ? '' : read.fault.message).toBe('');
  }
});

it('the schemas take nothing that the types do not', () => {
  expectTypeOf<Static<typeof FRAME>>().toExtend<Frame>();
  expectTypeOf<Static<typeof SUBSCRIBE_REPLY>>().toExtend<SubscribeReply>();
  expectTypeOf<Static<typeof BEAT>>().toExtend<Beat>();
  expectTypeOf<Static<typeof NOTICE>>().toExtend<Notice>();
  expectTypeOf<Static<typeof AUTH_REPLY>>().toExtend<AuthReply>();
  expectTypeOf<Static<typeof TAIL>>().toExtend<Tail>();
});
