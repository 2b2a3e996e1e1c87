import { found, ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { isRecord } from '#contracts/is-record.ts';
import { checkTexts, REQUEST_TEXTS } from '#contracts/text/check-texts.ts';
import type { Subscribe } from '#contracts/view/protocol.ts';
import { readPresentedKey } from '../sockets/read-auth.ts';

/** The messages of clients; each shape is checked here and nowhere else. */
export type Message =
  | { event: 'auth'; key: string }
  | { event: 'subscribe'; body: Subscribe }
  | { event: 'unsubscribe'; view: string }
  | { event: 'ack'; to: number }
  | { event: 'tail'; on: boolean };

export function readMessage(event: string, payload: unknown): Result<Message> {
  const body = isRecord(payload) ? payload : {};
  if (event === 'auth') {
    const key = readPresentedKey(body.key);
    return key.ok ? ok({ event, key: key.value }) : key;
  }
  if (event === 'subscribe') return readSubscribe(body, payload);
  if (event === 'unsubscribe' && typeof body.view === 'string') return ok({ event, view: body.view });
  if (event === 'ack' && Number.isSafeInteger(body.to)) return ok({ event, to: body.to as number });
  if (event === 'tail' && typeof body.on === 'boolean') return ok({ event, on: body.on });
  const shape = { unsubscribe: '{ view }', ack: '{ to }', tail: '{ on }' }[event];
  if (shape !== undefined)
    return refuse('invalid_message', `${event}: expected ${shape}, ${found(payload)}.`);
  return refuse(
    'invalid_message',
    `${shown(event)} is not a message; there are auth, subscribe, unsubscribe, ack and tail.`,
  );
}

function readSubscribe(body: Record<string, unknown>, payload: unknown): Result<Message> {
  const { request, cursor = null, version } = body;
  if (typeof request !== 'object' || request === null) {
    return refuse(
      'invalid_message',
      `subscribe: expected { request, cursor?, version? }, ${found(payload)}.`,
    );
  }
  const unfit = checkTexts({ request, cursor }, 'invalid_message', REQUEST_TEXTS);
  if (unfit !== null) return { ok: false, fault: unfit };
  const { epoch, offset, end = 0 } = (cursor ?? {}) as Record<string, unknown>;
  const isCursor = typeof epoch === 'string' && Number.isSafeInteger(offset) && Number.isSafeInteger(end);
  if (cursor !== null && !isCursor) {
    return refuse(
      'invalid_message',
      `subscribe: expected a cursor { epoch, offset, end? }, got ${shown(cursor)}.`,
      'cursor',
    );
  }
  if (version !== undefined && !Number.isSafeInteger(version)) {
    return refuse(
      'invalid_message',
      `subscribe: expected a whole version, got ${shown(version)}.`,
      'version',
    );
  }
  return ok({ event: 'subscribe', body: { request, cursor, version } as Subscribe });
}
