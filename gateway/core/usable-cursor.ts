import type { ResumeCursor } from '#contracts/view/protocol.ts';

/** What somebody holds who comes back. */
export interface Held {
  cursor: ResumeCursor;
  version?: number;
  view?: string;
}

/** Of another version or view it is of no use, whatever its offset: everything is answered then. */
export function usableCursor(live: { version: number; id: string }, held: Held | null): ResumeCursor | null {
  if (held === null) return null;
  const { cursor, version = live.version, view = live.id } = held;
  return version === live.version && view === live.id ? cursor : null;
}
