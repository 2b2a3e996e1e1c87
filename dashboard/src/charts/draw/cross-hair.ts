/** One reading time, shared by all panels of the page. */
export interface CrossHair {
  /** Epoch ms; null when nothing is read. */
  readonly time: number | null;
  /** The panel that is read from. */
  readonly source: string | null;
  /** Stays when the pointer leaves. */
  readonly pinned: boolean;
  set(time: number | null, source: string | null): void;
  pin(pinned: boolean): void;
  onChange(listener: () => void): () => void;
}

export function createCrossHair(): CrossHair {
  const listeners = new Set<() => void>();
  let [time, source, pinned] = [null as number | null, null as string | null, false];
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    get time() {
      return time;
    },
    get source() {
      return source;
    },
    get pinned() {
      return pinned;
    },
    set(at, from) {
      if (at === time && from === source) return;
      [time, source] = [at, from];
      if (at === null) pinned = false;
      tell();
    },
    pin(on) {
      pinned = on && time !== null;
      tell();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
