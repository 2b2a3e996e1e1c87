import type { Refusal } from '#contracts/view/protocol.ts';
import type { Environment } from '../host/environment.ts';
import { fetchText } from '../host/fetch-text.ts';
import { parseRecord, readRefusal } from './read-messages.ts';

const ASK_WITHIN = 2_000;

/**
 * Reads why a gateway refuses connections; null where the answer is not a gateway's, or is about this request
 * alone, such as an unknown session: another attempt has another session.
 */
export function handshakeRefusal(text: string, after: number): Refusal | null {
  const body = parseRecord(text);
  const { code, retry } = body;
  const lasts = retry === true || (retry === false && String(code).startsWith('forbidden_'));
  const refusal = lasts ? readRefusal(body) : null;
  return refusal === null || after === 0 ? refusal : { ...refusal, after };
}

/**
 * Asks why no connection opens, by a request that opens none itself: neither a WebSocket nor polling at another origin can read the answer
 * to its handshake. Null where the reason is not known. Never rejects.
 */
export async function askWhyRefused(url: URL, env: Environment): Promise<Refusal | null> {
  const target = new URL('socket.io/?EIO=4&transport=websocket&why=1', url);
  const answer = await fetchText(target, { credentials: 'omit', cache: 'no-store' }, ASK_WITHIN, env);
  return answer === null ? null : handshakeRefusal(answer.text, answer.after);
}
