import type { IncomingHttpHeaders } from 'node:http';
import { MillraceError, shown } from '#contracts/errors.ts';

/** The entity tag of a definition: where its record lies. */
export const tagOf = (definition: { offset: number }): string => `"${definition.offset}"`;

/** Refuses with 412 where If-Match or If-None-Match (RFC 9110) do not hold for what is current. */
export function checkPreconditions(
  headers: IncomingHttpHeaders,
  current: { offset: number } | undefined,
): void {
  const match = headers['if-match'];
  if (match !== undefined && !names(match, current)) {
    throw failed(`If-Match names ${shown(match)}; current is ${current ? tagOf(current) : 'nothing'}.`);
  }
  const none = headers['if-none-match'];
  if (none !== undefined && names(none, current)) throw failed(`If-None-Match ${shown(none)} does not hold.`);
}

/** Whether a list of tags, or `*`, names what is current. */
export function names(tags: string, current: { offset: number } | undefined): boolean {
  if (current === undefined) return false;
  const list = tags.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return list.includes('*') || list.includes(tagOf(current));
}

export const failed = (message: string): MillraceError =>
  new MillraceError({ code: 'precondition_failed', message });
