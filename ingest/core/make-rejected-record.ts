import { cutField, type Fault } from '#contracts/errors.ts';
import {
  MAX_REJECTED_AGENT,
  MAX_REJECTED_BODY,
  type RejectedRecord,
} from '#contracts/log/rejected-record.ts';
import { cutText } from '#contracts/text/shown.ts';
import { withoutSecrets } from './without-secrets.ts';

/** What a record says of the request that was refused, or held the event. */
export interface RequestFacts {
  /** The kind of its address; null where it is not known. */
  network: string | null;
  /** User-Agent. */
  agent: string | null;
  /** Id of the key; null without a known one. */
  key: string | null;
  /** The value of its Authorization header: recorded nowhere. */
  authorization: string | null;
}

export interface Refusal {
  /** Epoch ms. */
  time: number;
  fault: Fault;
  /** Of the answer, where nothing of the request was accepted. */
  status: number | null;
  /** The refused bytes. */
  text: Uint8Array;
}

/** Bytes that are looked at: hidden secrets make a text shorter. */
const LOOKED_AT = 2 * MAX_REJECTED_BODY;

/** Makes the record of a refusal, without a key in any of its texts. Takes a bounded time, however long the text is. */
export function makeRejectedRecord(refusal: Refusal, request: RequestFacts): RejectedRecord {
  const { time, status, text } = refusal;
  const { network, agent, key, authorization } = request;
  const { message, field, ...fault } = refusal.fault;
  const hide = (plain: string): string => withoutSecrets(plain, authorization);
  return {
    time,
    ...(status === null ? {} : { status }),
    ...fault,
    message: hide(message),
    ...(field === undefined ? {} : { field: cutField(hide(field)) }),
    body: cutBody(hide(decode(text, LOOKED_AT))),
    ...(network === null ? {} : { network }),
    ...(agent === null ? {} : { agent: cutText(hide(agent), MAX_REJECTED_AGENT) }),
    ...(key === null ? {} : { key }),
  };
}

/** At most 1 KB. */
function cutBody(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return bytes.length <= MAX_REJECTED_BODY ? text : decode(bytes, MAX_REJECTED_BODY);
}

/** The first `most` bytes, not cut inside a character; bytes that are no text are shown as U+FFFD. */
function decode(text: Uint8Array, most: number): string {
  let end = Math.min(text.length, most);
  if (end < text.length) while (end > most - 4 && (text[end]! & 0xc0) === 0x80) end--;
  return new TextDecoder().decode(text.subarray(0, end));
}
