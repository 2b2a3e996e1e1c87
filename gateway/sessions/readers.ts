import type { OpenView } from '../core/view/live-view.ts';

/** The readers of each view, so that the cost of a change of one view depends on its own readers only. */
export interface Readers<T> {
  add(live: OpenView, reader: T): void;
  remove(live: OpenView, reader: T): void;
  /** Returns a copy: readers may come and go while it is used. */
  of(live: OpenView): readonly T[];
}

export function createReaders<T>(): Readers<T> {
  const readers = new Map<OpenView, Set<T>>();
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
