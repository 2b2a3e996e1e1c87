import type { LiveView } from '../core/view/live-view.ts';

/** Who has which view, so that what happens to one view takes as long as it has readers. */
export interface Readers<T> {
  add(live: LiveView, reader: T): void;
  remove(live: LiveView, reader: T): void;
  /** Those of now, whatever happens to them meanwhile. */
  of(live: LiveView): readonly T[];
}

export function createReaders<T>(): Readers<T> {
  const readers = new Map<LiveView, Set<T>>();
  return {
    add(live, reader) {
      const those = readers.get(live) ?? new Set();
      readers.set(live, those.add(reader));
    },
    remove(live, reader) {
      const those = readers.get(live);
      those?.delete(reader);
      if (those?.size === 0) readers.delete(live);
    },
    of: (live) => [...(readers.get(live) ?? [])],
  };
}
