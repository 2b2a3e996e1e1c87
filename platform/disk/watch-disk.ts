import type { Metrics } from '#platform/process/reporting/metrics.ts';
import type { Warnings } from '#platform/process/reporting/warnings.ts';
import type { DiskFigures, DiskGuard } from './disk-guard.ts';
import { formatBytes } from './space.ts';

export interface DiskWatch {
  /** Why no events are taken, for `/ready`; null when they are. */
  missing(): string | null;
  /** For the process's record in the `system` topic. */
  gauges(): Record<string, number>;
  close(): void;
}

/** `now`: ms of a clock that only goes forward. */
export interface DiskWatchDeps {
  metrics: Pick<Metrics, 'set'>;
  warnings: Pick<Warnings, 'raise' | 'clear'>;
  now?: () => number;
}

const EVERY = 1_000;
/** ms without its reason after which a warning ends: around the floor every merge of the Store moves free space. */
const QUIET = 10_000;
/** Shares of a file system in use between which the warning neither begins nor ends. */
const USED = { raise: 0.9, clear: 0.88 };
/** The same for the seconds until the floor. */
const LEFT = { raise: 3 * 3_600, clear: 6 * 3_600 };

/**
 * Reports what the guards find as measurements, as warnings, and in `/ready`. The first guard is that of the Log: without
 * room there no events are taken; without room for the Store alone they are, and wait in the Log.
 */
export function watchDisk(
  guards: readonly DiskGuard[],
  { metrics, warnings, now = () => performance.now() }: DiskWatchDeps,
): DiskWatch {
  let isLow = false;
  const lastTold = new Map<string, number>();

  const tell = (code: 'data_folder_lost' | 'disk_full', message: string | undefined): void => {
    if (message !== undefined) {
      lastTold.set(code, now());
      warnings.raise(code, message);
    } else if (now() - (lastTold.get(code) ?? Number.NEGATIVE_INFINITY) >= QUIET) warnings.clear(code);
  };
  const judge = (): void => {
    // Refusals between two checks are reported too: a disk may be full for less than the time between them.
    const faults = guards
      .flatMap((guard) => [guard.fault('events'), guard.consumeRefusal()])
      .filter((fault) => fault !== null);
    for (const code of ['data_folder_lost', 'disk_full'] as const)
      tell(code, faults.find((fault) => fault.code === code)?.message);
    const low = guards.filter(({ figures }) => isRunningOut(figures(), isLow));
    isLow = low.length > 0;
    if (low[0] === undefined) warnings.clear('disk_low');
    else warnings.raise('disk_low', textOf(low[0]));
  };
  const look = (): void => {
    for (const guard of guards) {
      const { total, free, floor, secondsLeft } = guard.figures();
      const labels = { folder: guard.owner.toLowerCase() };
      metrics.set('millrace_disk_total_bytes', total, labels);
      metrics.set('millrace_disk_free_bytes', free, labels);
      metrics.set('millrace_disk_floor_bytes', floor, labels);
      metrics.set('millrace_disk_left_seconds', secondsLeft ?? Number.POSITIVE_INFINITY, labels);
    }
    judge();
  };
  look();
  const timer = setInterval(look, EVERY).unref();
  return {
    missing() {
      const [log, ...others] = guards.map((guard) => guard.fault('events'));
      const fault = log ?? others.find((other) => other?.code === 'data_folder_lost');
      return fault === undefined || fault === null ? null : `ingest: ${fault.message}`;
    },
    gauges: () => {
      const [log] = guards;
      if (log === undefined) return {};
      const { total, free, floor, secondsLeft } = log.figures();
      return {
        diskTotal: total,
        diskFree: free,
        diskFloor: floor,
        ...(secondsLeft === null ? {} : { diskSecondsLeft: Math.round(secondsLeft) }),
      };
    },
    close: () => clearInterval(timer),
  };
}

function isRunningOut({ total, free, secondsLeft }: DiskFigures, already: boolean): boolean {
  const bound = already ? 'clear' : 'raise';
  return 1 - free / total >= USED[bound] || (secondsLeft !== null && secondsLeft < LEFT[bound]);
}

function textOf({ owner, figures }: DiskGuard): string {
  const { total, free, floor, secondsLeft } = figures();
  const used = Math.floor((1 - free / total) * 100);
  const left =
    secondsLeft === null ? '' : ` At the rate of the last minutes it gets there in ${inWords(secondsLeft)}.`;
  return `The disk of the ${owner} is ${used} % full; ${formatBytes(free)} are free, and below ${formatBytes(floor)} events are refused.${left}`;
}

function inWords(seconds: number): string {
  if (seconds < 5_400) return `${Math.max(1, Math.round(seconds / 60))} min`;
  return seconds < 48 * 3_600 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}
