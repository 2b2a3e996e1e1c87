import { readdirSync, readFileSync } from 'node:fs';

export interface Levels {
  before: number;
  peak: number;
  after: number;
}

export interface ProcessFigures {
  /** Resident memory, MB. */
  memory: Levels;
  /** Open descriptors: files and sockets. */
  descriptors: Levels;
}

const EVERY = 50;

const memoryOf = (pid: number): number =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024);
export const descriptorsOf = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

/** Looks at a process again and again; one that is gone keeps its last figures. */
export function watchProcess(pid: number): { read(): ProcessFigures; stop(): void } {
  const memory = createLevels(() => memoryOf(pid));
  const descriptors = createLevels(() => descriptorsOf(pid));
  const look = (): void => {
    memory.look();
    descriptors.look();
  };
  look();
  const timer = setInterval(look, EVERY);
  return {
    read() {
      look();
      return { memory: memory.levels(), descriptors: descriptors.levels() };
    },
    stop: () => clearInterval(timer),
  };
}

function createLevels(read: () => number) {
  let first: number | null = null;
  let last = 0;
  let peak = 0;
  return {
    look() {
      try {
        last = read();
      } catch {
        return;
      }
      first ??= last;
      peak = Math.max(peak, last);
    },
    levels: (): Levels => ({ before: first ?? 0, peak, after: last }),
  };
}
