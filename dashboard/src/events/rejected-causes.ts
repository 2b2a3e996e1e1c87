import type { ErrorCode } from '#contracts/errors.ts';
import { FIXES } from '#contracts/fixes.ts';
import type { RejectedPage, RejectedRecord } from '#contracts/log/rejected-record.ts';

/** Refusals with the same cause, from the same sender. */
export interface Cause {
  id: string;
  code: ErrorCode;
  count: number;
  /** What the newest of them says. */
  saw: string;
  todo: string;
  /** From whom: key, program, kind of network. */
  from: string;
  /** Of the newest one, epoch ms. */
  last: number;
  /** The beginning of what was refused; empty where it was not read. */
  body: string;
}

/** Puts what was refused together by cause, the most frequent first; only what is not older than `from`. */
export function causesOf(rejected: readonly RejectedRecord[], from: number): Cause[] {
  const causes = new Map<string, Cause>();
  for (const record of rejected) {
    const { code, field = '', message, time, body } = record;
    if (time < from) continue;
    const sender = senderOf(record);
    const id = JSON.stringify([code, field, sender]);
    const known = causes.get(id);
    const count = (known?.count ?? 0) + 1;
    if (known !== undefined && known.last >= time) causes.set(id, { ...known, count });
    else
      causes.set(id, {
        id,
        code,
        count,
        saw: message,
        todo: adviceFor(code, field),
        from: sender,
        last: time,
        body,
      });
  }
  return [...causes.values()].sort((a, b) => b.count - a.count || b.last - a.last);
}

function senderOf({ key, agent, network, position }: RejectedRecord): string {
  if (position !== undefined) return `a producer of the topic, partition ${position.partition}`;
  const program = agent?.split(' ')[0];
  return (
    [key === undefined ? undefined : `key ${key}`, program, network].filter(Boolean).join(' · ') || 'unknown'
  );
}

/** What to do, as text: links and code of the list are marked for documents. */
const adviceFor = (code: ErrorCode, field: string): string =>
  code === 'unknown_field' && field !== ''
    ? `Put ${field} under properties, or use the field that the message suggests.`
    : FIXES[code].replaceAll('`', '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');

/** How many refusals there were in all, those that were only counted too. */
export const countRefused = (causes: readonly Cause[], { leftOut }: Pick<RejectedPage, 'leftOut'>): number =>
  causes.reduce((sum, { count }) => sum + count, 0) + Object.values(leftOut).reduce((a, b) => a + b, 0);
