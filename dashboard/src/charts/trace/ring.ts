/**
 * The newest values of one trace by absolute window number (start / window), in a typed array that is written
 * round and round. No value is NaN. Numbers older than the capacity read as NaN.
 */
export interface Ring {
  get(index: number): number;
  /** Writes one value. A number beyond the newest moves the ring on and clears what lies between. */
  set(index: number, value: number): void;
  clear(): void;
  readonly capacity: number;
}

export function createRing(capacity: number): Ring {
  const values = new Float64Array(capacity).fill(Number.NaN);
  let newest = -1;
  const slot = (index: number): number => ((index % capacity) + capacity) % capacity;
  const held = (index: number): boolean => newest >= 0 && index <= newest && index > newest - capacity;
  return {
    capacity,
    get: (index) => (held(index) ? values[slot(index)]! : Number.NaN),
    set(index, value) {
      if (newest < 0) newest = index;
      else if (index > newest) {
        if (index - newest >= capacity) values.fill(Number.NaN);
        else for (let i = newest + 1; i < index; i++) values[slot(i)] = Number.NaN;
        newest = index;
      } else if (!held(index)) return;
      values[slot(index)] = value;
    },
    clear() {
      values.fill(Number.NaN);
      newest = -1;
    },
  };
}
