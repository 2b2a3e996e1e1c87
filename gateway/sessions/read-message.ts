import { type Fault, ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { isRecord } from '#contracts/is-record.ts';
import { fits } from '#contracts/schema/fits.ts';
import { readAs, refuseAs } from '#contracts/schema/read-as.ts';
import type { Schema, Static } from '#contracts/schema/schema.ts';
import { checkTexts, REQUEST_TEXTS } from '#contracts/text/check-texts.ts';
import { ACK, SUBSCRIBE, TAIL_SWITCH, UNSUBSCRIBE } from '#contracts/view/protocol.ts';
import { readPresentedKey } from '../sockets/read-auth.ts';

/** The messages of clients; each shape is checked here and nowhere else. */
export type Message =
  | { event: 'auth'; key: string }
  | { event: 'subscribe'; body: Asked }
  | { event: 'unsubscribe'; view: string }
  | { event: 'ack'; to: number }
  | { event: 'tail'; on: boolean };

export type Asked = Static<typeof SUBSCRIBE>;

export function readMessage(event: string, payload: unknown): Result<Message> {
  switch (event) {
    case 'auth': {
      const key = readPresentedKey(isRecord(payload) ? payload.key : undefined);
      return key.ok ? ok({ event, key: key.value }) : key;
    }
    case 'subscribe':
      return readSubscribe(payload);
    case 'unsubscribe': {
      const read = readBody(event, UNSUBSCRIBE, payload);
      return read.ok ? ok({ event, view: read.value.view }) : read;
    }
    case 'ack': {
      const read = readBody(event, ACK, payload);
      return read.ok ? ok({ event, to: read.value.to }) : read;
    }
    case 'tail': {
      const read = readBody(event, TAIL_SWITCH, payload);
      return read.ok ? ok({ event, on: read.value.on }) : read;
    }
    default:
      return refuse(
        'invalid_message',
        `${shown(event)} is not a message; there are auth, subscribe, unsubscribe, ack and tail.`,
      );
  }
}

const readBody = <const S extends Schema>(event: string, schema: S, body: unknown): Result<Static<S>> =>
  readAs(schema, body, { code: 'invalid_message', of: event });

/** Part by part, so that texts which no process could handle are refused before they are looked into. */
function readSubscribe(payload: unknown): Result<Message> {
  const event = 'subscribe';
  const { properties } = SUBSCRIBE;
  const { request, cursor: told = null, version: held } = isRecord(payload) ? payload : {};
  if (!fits(properties.request, request))
    return refuseAs(SUBSCRIBE, payload, { code: 'invalid_message', of: event });
  const unfit = checkTexts({ request, cursor: told }, 'invalid_message', REQUEST_TEXTS);
  if (unfit !== null) return { ok: false, fault: unfit };
  const cursor = readBody(event, properties.cursor, told);
  if (!cursor.ok) return inField('cursor', cursor.fault);
  if (held === undefined) return ok({ event, body: { request, cursor: cursor.value } });
  const version = readBody(event, properties.version, held);
  if (!version.ok) return inField('version', version.fault);
  return ok({ event, body: { request, cursor: cursor.value, version: version.value } });
}

const inField = (field: string, fault: Fault): { ok: false; fault: Fault } => ({
  ok: false,
  fault: { ...fault, field },
});
