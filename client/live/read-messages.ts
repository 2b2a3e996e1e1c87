import { isRecord } from '#contracts/is-record.ts';
import type { Frame, FrameView } from '#contracts/view/frame.ts';
import type { AuthReply, Notice, Refusal, SubscribeReply, Tail } from '#contracts/view/protocol.ts';
import type { Heartbeat } from '../types.ts';

/*
 * Each reader returns null for a message of another shape. They check what the client relies on; schemas of the whole messages and
 * their walker would add more than 5 % to the module.
 */

export const readHeartbeat = (raw: unknown): Heartbeat | null => (isHeartbeat(raw) ? raw : null);
export const readRefusal = (raw: unknown): Refusal | null => (isRefusal(raw) ? raw : null);
/** A notice has the shape of a refusal. */
export const readNotice = (raw: unknown): Notice | null => readRefusal(raw);
export const readAuthReply = (raw: unknown): AuthReply | null => (isAuthReply(raw) ? raw : null);
export const readTail = (raw: unknown): Tail | null => (isTail(raw) ? raw : null);
export const readReply = (raw: unknown): SubscribeReply | null => (isReply(raw) ? raw : null);

/**
 * Checks all that `apply` relies on, down to the kinds of the columns. Their items are left to `apply`: there is one for each
 * cell of all panels.
 */
export const readFrame = (raw: unknown): Frame | null => (isFrame(raw) ? raw : null);

const isListOf = (raw: unknown, is: (item: unknown) => boolean): boolean =>
  Array.isArray(raw) && raw.every(is);

const isHeartbeat = (raw: unknown): raw is Heartbeat =>
  isRecord(raw) && Number.isFinite(raw.time) && isRecord(raw.status) && isListOf(raw.views, isNamed);

/** Whether it names a view: part of a heartbeat, or the description of a view. */
const isNamed = (raw: unknown): boolean => isRecord(raw) && typeof raw.view === 'string';

const isRefusal = (raw: unknown): raw is Refusal =>
  isRecord(raw) &&
  typeof raw.code === 'string' &&
  typeof raw.message === 'string' &&
  (raw.after === undefined || (typeof raw.after === 'number' && raw.after >= 0 && raw.after < Infinity));

const isAuthReply = (raw: unknown): raw is AuthReply =>
  isRecord(raw) && (raw.ok === true || isRefusal(raw.error));

const isTail = (raw: unknown): raw is Tail =>
  isRecord(raw) && isListOf(raw.rows, isRecord) && Number.isFinite(raw.skipped);

const isFrame = (raw: unknown): raw is Frame =>
  isRecord(raw) &&
  typeof raw.epoch === 'string' &&
  Number.isSafeInteger(raw.from) &&
  Number.isSafeInteger(raw.to) &&
  isListOf(raw.views, isView);

const isView = (raw: unknown): raw is FrameView =>
  isRecord(raw) &&
  typeof raw.view === 'string' &&
  typeof raw.version === 'number' &&
  [raw.start, raw.end].every(Number.isFinite) &&
  [raw.windows, raw.at, raw.series, raw.partial].every(Array.isArray) &&
  isListOf(raw.values, Array.isArray) &&
  (raw.members === undefined || isListOf(raw.members, isMember)) &&
  (raw.info === undefined || isNamed(raw.info));

const isMember = (raw: unknown): boolean => isRecord(raw) && Array.isArray(raw.group);

function isReply(raw: unknown): raw is SubscribeReply {
  if (!isRecord(raw)) return false;
  if (raw.ok === true) return isFrame(raw.frame) && isNamed(raw.info);
  return raw.ok === false && isRecord(raw.error) && typeof raw.error.code === 'string';
}

/** Returns the object that a text of JSON holds; an empty one where it holds none. */
export function parseRecord(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    return isRecord(body) ? body : {};
  } catch {
    return {};
  }
}
