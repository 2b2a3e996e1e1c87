import { MillraceError } from '#contracts/errors.ts';
import type { PinnedPath } from './pinned-path.ts';
import { formatBytes, measureSpace, type Space } from './space.ts';

/**
 * What a write is for decides how much free space it has to leave. `events`: what clients send, the whole floor.
 * `internal`: what Millrace needs to finish what it took and to show it, half of it. `upkeep`: what frees space, nothing.
 */
export type DiskUse = 'events' | 'internal' | 'upkeep';

const SHARE_OF_FLOOR: Record<DiskUse, number> = { events: 1, internal: 0.5, upkeep: 0 };
const USES = Object.keys(SHARE_OF_FLOOR) as DiskUse[];

export interface DiskGuardOptions {
  folder: string;
  /** The part that owns the folder, such as the Log; messages name no path, since senders of events see them. */
  owner: string;
  /** Free bytes below which events are refused, and the same as a share of the file system in percent: the smaller counts. */
  floor: number;
  floorShare: number;
  /** ms between two measurements; default half a second. */
  every?: number;
  /** Default: the file system's own answer. */
  measure?: (folder: string) => Promise<Space>;
  /** ms of a clock that only goes forward. */
  now?: () => number;
}

export interface DiskFigures extends Space {
  floor: number;
  /** Until the floor at the rate of the last minutes; null where free space does not shrink. */
  secondsLeft: number | null;
}

/** Watches the file system of one folder, so that no engine ever meets a full disk. */
export interface DiskGuard {
  readonly owner: string;
  /** Throws `disk_full` or `data_folder_lost` when a write of this use is refused now. Free: uses the last measurement. */
  check(use: DiskUse): void;
  /** Measures, then rejects with `data_folder_lost` where that fails, with `disk_full` unless writing `bytes` leaves free what this use has to leave free. */
  ensureRoom(bytes: number, use: DiskUse): Promise<void>;
  /** From here on losing the path refuses every write. */
  pin(path: PinnedPath): void;
  /** Why writes of this use are refused; null when they are not. */
  fault(use: DiskUse): MillraceError | null;
  /** Returns the last refusal since this was asked before, however short the reason lasted; null where none was. */
  consumeRefusal(): MillraceError | null;
  figures(): DiskFigures;
  close(): void;
}

const EVERY = 500;
/** ms after which a measurement counts as a file system that does not respond. */
const SILENT = 10_000;
/** A refusal ends when there is a tenth of the floor more, so that it does not come and go with every merge. */
const MARGIN = 0.1;

/** Resolves after the first measurement; rejects if the folder cannot be measured. */
export async function openDiskGuard(options: DiskGuardOptions): Promise<DiskGuard> {
  const { folder, owner, every = EVERY, measure = measureSpace, now = () => performance.now() } = options;
  const growth = createGrowth();
  const pinned: PinnedPath[] = [];
  let space: Space = await measure(folder);
  let lost: MillraceError | null = null;
  let began: number | null = null;
  let refusal: MillraceError | null = null;
  /** By use: the free bytes at which a refusal ends; 0 where none is. */
  const until: Record<DiskUse, number> = { events: 0, internal: 0, upkeep: 0 };

  const floor = (): number => Math.min(options.floor, (space.total * options.floorShare) / 100);
  const least = (use: DiskUse): number => floor() * SHARE_OF_FLOOR[use];
  const judge = (): void => {
    for (const use of USES) {
      if (space.free < least(use)) until[use] = Math.max(until[use], least(use) * (1 + MARGIN));
      else if (space.free >= until[use]) until[use] = 0;
    }
  };
  const full = (use: DiskUse): MillraceError =>
    new MillraceError({
      code: 'disk_full',
      message: `The disk of the ${owner} is full: ${formatBytes(space.free)} of ${formatBytes(space.total)} are free, and ${formatBytes(Math.max(until[use], least(use)))} are needed to accept this. It continues by itself when there is room.`,
    });
  const look = async (): Promise<void> => {
    began = now();
    try {
      for (const path of pinned) path.check();
      space = await measure(folder);
      lost = null;
      growth.add(now(), space.free);
      judge();
    } catch (error) {
      lost = error instanceof MillraceError ? error : unanswered(owner, (error as Error).message, error);
    } finally {
      began = null;
    }
  };
  await look();
  const timer = setInterval(() => {
    if (began === null) void look();
    else if (now() - began > SILENT) lost = unanswered(owner, `no answer for ${SILENT / 1_000} s`);
  }, every);
  timer.unref();

  const fault = (use: DiskUse): MillraceError | null => lost ?? (until[use] > 0 ? full(use) : null);
  const check = (use: DiskUse): void => {
    const found = fault(use);
    if (found === null) return;
    refusal = found;
    throw found;
  };
  return {
    owner,
    check,
    fault,
    async ensureRoom(bytes, use) {
      await look();
      if (space.free - bytes < least(use)) until[use] = Math.max(until[use], least(use) + bytes);
      check(use);
    },
    consumeRefusal() {
      const last = refusal;
      refusal = null;
      return last;
    },
    pin: (path) => void pinned.push(path),
    figures: () => ({ ...space, floor: floor(), secondsLeft: growth.secondsUntil(floor()) }),
    close: () => clearInterval(timer),
  };
}

const unanswered = (owner: string, reason: string, cause?: unknown): MillraceError =>
  new MillraceError(
    {
      code: 'data_folder_lost',
      message: `The disk of the ${owner} does not answer: ${reason}. Nothing is stored until it does.`,
    },
    { cause },
  );

/** ms between two samples, and how many are kept: the rate of the last ten minutes. */
const SAMPLE_EVERY = 10_000;
const SAMPLES_KEPT = 60;
/** A rate over a shorter span says nothing, ms. */
const SHORTEST_SPAN = 120_000;

/** How fast free space shrinks, over the last minutes. */
export interface Growth {
  add(now: number, free: number): void;
  /** Seconds until `free` is down to `floor` at that rate; null where it does not shrink, or too little was seen. */
  secondsUntil(floor: number): number | null;
}

/** Times are of a monotonic clock, ms. */
export function createGrowth(): Growth {
  const samples: { at: number; free: number }[] = [];
  return {
    add(at, free) {
      const last = samples.at(-1);
      if (last !== undefined && at - last.at < SAMPLE_EVERY) return;
      samples.push({ at, free });
      if (samples.length > SAMPLES_KEPT) samples.shift();
    },
    secondsUntil(floor) {
      const [first, last] = [samples[0], samples.at(-1)];
      if (first === undefined || last === undefined || last.at - first.at < SHORTEST_SPAN) return null;
      const perSecond = (first.free - last.free) / ((last.at - first.at) / 1_000);
      return perSecond <= 0 ? null : Math.max(0, (last.free - floor) / perSecond);
    },
  };
}
