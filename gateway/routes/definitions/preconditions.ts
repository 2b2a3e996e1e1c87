import type { IncomingHttpHeaders } from 'node:http';
import { MillraceError, shown } from '#contracts/errors.ts';

/** The entity tag of a definition: the offset of its record. */
export const etagOf = (definition: { offset: number }): string => `"${definition.offset}"`;

/** Throws a refusal (412) where If-Match or If-None-Match (RFC 9110) do not hold for the current definition. */
export function checkPreconditions(
  headers: IncomingHttpHeaders,
  current: { offset: number } | undefined,
): void {
  const match = headers['if-match'];
  if (match !== undefined && !matchesEtag(match, current)) {
    throw preconditionFailed(
      `If-Match names ${shown(match)}; current is ${current ? etagOf(current) : 'nothing'}.`,
    );
  }
  const none = headers['if-none-match'];
  if (none !== undefined && matchesEtag(none, current))
    throw preconditionFailed(`If-None-Match ${shown(none)} does not hold.`);
}

/** Whether a list of tags, or `*`, matches the current definition. */
export function matchesEtag(tags: string, current: { offset: number } | undefined): boolean {
  if (current === undefined) return false;
  const list = tags.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return list.includes('*') || list.includes(etagOf(current));
}

export const preconditionFailed = (message: string): MillraceError =>
  new MillraceError({ code: 'precondition_failed', message });
