import type { AuthReply, Beat, Notice, Refusal, Tail } from '#contracts/view/protocol.ts';
import { isRecord } from './read-frame.ts';

export function readBeat(raw: unknown): Beat | null {
  if (!isRecord(raw) || !Number.isFinite(raw.time) || !isRecord(raw.status)) return null;
  const views = Array.isArray(raw.views) && raw.views.every((v) => isRecord(v) && typeof v.view === 'string');
  return views ? (raw as unknown as Beat) : null;
}

export const readNotice = (raw: unknown): Notice | null => readRefusal(raw);

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
