import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import type { ResumePoint } from '../../core/view/resume-view.ts';

/** Writes what a caller of the series route holds as one text that fits into an address: base64url of a JSON list. */
export function writeToken({ cursor, version, view }: Required<ResumePoint>): string {
  const { epoch, offset, end } = cursor;
  return Buffer.from(JSON.stringify([epoch, offset, end, version, view])).toString('base64url');
}

export function readToken(text: string): Result<Required<ResumePoint>> {
  try {
    const [epoch, offset, end, version, view, ...rest] = JSON.parse(
      Buffer.from(text, 'base64url').toString(),
    );
    const isText = typeof epoch === 'string' && typeof view === 'string';
    if (isText && rest.length === 0 && [offset, end, version].every(Number.isSafeInteger))
      return ok({ cursor: { epoch, offset, end }, version, view });
  } catch {
    // Refused below, in the same words.
  }
  return refuse(
    'invalid_parameter',
    `since: expected the "next" of an earlier answer, got ${shown(text)}.`,
    'since',
  );
}
