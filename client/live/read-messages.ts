import { isRecord } from '#contracts/is-record.ts';
import type { Frame, FrameView } from '#contracts/view/frame.ts';
import type { AuthReply, Notice, Refusal, SubscribeReply, Tail } from '#contracts/view/protocol.ts';
import type { Heartbeat } from '../types.ts';

export function readHeartbeat(raw: unknown): Heartbeat | null {
  if (!isRecord(raw) || !Number.isFinite(raw.time) || !isRecord(raw.status)) return null;
  const views = Array.isArray(raw.views) && raw.views.every((v) => isRecord(v) && typeof v.view === 'string');
  return views ? (raw as unknown as Heartbeat) : null;
}

/** A notice has the shape of a refusal. */
export const readNotice: (raw: unknown) => Notice | null = readRefusal;

export function readRefusal(raw: unknown): Refusal | null {
  if (!isRecord(raw) || typeof raw.code !== 'string' || typeof raw.message !== 'string') return null;
  const times = raw.after === undefined || (Number.isFinite(raw.after) && (raw.after as number) >= 0);
  return times ? (raw as unknown as Refusal) : null;
}

export function readAuthReply(raw: unknown): AuthReply | null {
  if (!isRecord(raw) || (raw.ok !== true && readRefusal(raw.error) === null)) return null;
  return raw as unknown as AuthReply;
}

export function readTail(raw: unknown): Tail | null {
  const good = isRecord(raw) && Array.isArray(raw.rows) && raw.rows.every(isRecord);
  return good && Number.isFinite(raw.skipped) ? (raw as unknown as Tail) : null;
}

/**
 * Returns a frame as it came from the wire; null when it is none. Checks all that `apply` relies on, down to the columns'
 * kinds, and leaves their items to it: they are as many as the cells of all panels.
 */
export function readFrame(raw: unknown): Frame | null {
  const frame = raw as Frame;
  const good =
    isRecord(raw) &&
    typeof frame.epoch === 'string' &&
    Number.isSafeInteger(frame.from) &&
    Number.isSafeInteger(frame.to) &&
    Array.isArray(frame.views) &&
    frame.views.every(isView);
  return good ? frame : null;
}

function isView(raw: unknown): raw is FrameView {
  const view = raw as FrameView;
  return (
    isRecord(raw) &&
    typeof view.view === 'string' &&
    typeof view.version === 'number' &&
    [view.start, view.end].every(Number.isFinite) &&
    [view.windows, view.at, view.series, view.values, view.partial].every(Array.isArray) &&
    view.values.every(Array.isArray) &&
    (view.members === undefined || (Array.isArray(view.members) && view.members.every(isMember))) &&
    (view.info === undefined || isInfo(view.info))
  );
}

const isInfo = (raw: unknown): boolean => isRecord(raw) && typeof raw.view === 'string';

const isMember = (raw: unknown): boolean => isRecord(raw) && Array.isArray(raw.group);

/** Returns the answer to a subscription; null when it is none. */
export function readReply(raw: unknown): SubscribeReply | null {
  if (!isRecord(raw)) return null;
  if (raw.ok === true) {
    const frame = readFrame(raw.frame);
    return frame !== null && isInfo(raw.info) ? (raw as unknown as SubscribeReply) : null;
  }
  const refused = raw.ok === false && isRecord(raw.error) && typeof raw.error.code === 'string';
  return refused ? (raw as unknown as SubscribeReply) : null;
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
