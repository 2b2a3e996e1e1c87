import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

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
/** Descriptors that may be more after an attack than before it: parts of the Store, connections that are kept alive. */
export const MORE_DESCRIPTORS = 150;
/** ms that a merge of the Store may take: it holds the files of all its parts open, some hundreds, and closes them at its end. */
const MERGE = 10_000;

const memoryOf = (pid: number): number =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024);
export const descriptorsOf = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

interface ProcessWatch {
  read(): ProcessFigures;
  /** Waits for merges of the Store to close their files; what has leaked stays open, however long one waits. */
  untilFilesAreClosed(): Promise<void>;
  stop(): void;
}

/** Looks at a process again and again; one that is gone keeps its last figures. */
export function watchProcess(pid: number): ProcessWatch {
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
    async untilFilesAreClosed() {
      for (const end = performance.now() + MERGE; performance.now() < end; await sleep(EVERY)) {
        look();
        const { before, after } = descriptors.levels();
        if (after <= before + MORE_DESCRIPTORS) return;
      }
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
