import { longestBackoff } from '#contracts/backoff.ts';
import { ERRORS, type ErrorCode } from '#contracts/errors.ts';
import { type FillCaps, isSameCaps } from '#contracts/log/control.ts';
import type { BackfillFailure } from '#contracts/log/system-record.ts';
import { MINUTE, SECOND } from '#contracts/text/duration.ts';
import type { Lacking } from './fills.ts';

/** What a metric version lacks in a partition. */
export interface Lack extends Lacking {
  partition: number;
  /** Bounds of groups and of their values in the partition. */
  caps: FillCaps;
}

/** Missing histories and added events of one metric version that are filled in together. */
export type Fill = readonly [Lack, ...Lack[]];

interface Failing {
  metric: string;
  version: number;
  attempts: number;
  since: number;
  next: number;
  code: ErrorCode;
  message: string;
}

/** ms until what failed is tried again, at most: where the Store may be back soon, and where nothing is likely to change. */
const SOON = { first: 500, most: 5_000 };
const LATE = { first: SECOND, most: 5 * MINUTE };
/** Longest reason that is reported, in characters. */
const TOLD = 300;

/** Whether a failure of this code may be over soon: something is away, and nothing is wrong with the metric. */
export const isPassing = (code: ErrorCode): boolean => ERRORS[code].retry && code !== 'internal';

const keyOf = ({ partition, active: { metric, version } }: Lack): string =>
  `${partition} ${version} ${metric}`;

/**
 * Decides which history is filled in next. Each metric version is delayed only by its own failures: its wait grows with
 * each, and versions with the fewest failures come first. The partitions of a version are filled in together, and after a
 * failure one by one, so that a partition that cannot be filled in does not hold up the others.
 */
export class BackfillQueue {
  readonly #failing = new Map<string, Failing>();

  /** The next to do at `now`, of what is lacking and not in `busy`; null while there is none. */
  next(lacking: readonly Lack[], busy: ReadonlySet<string>, now: number): Fill | null {
    let best: Lack | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (const lack of lacking) {
      const failing = this.#failing.get(keyOf(lack));
      const attempts = failing?.attempts ?? 0;
      if (attempts >= least || busy.has(lack.active.metric) || (failing?.next ?? 0) > now) continue;
      best = lack;
      least = attempts;
    }
    if (best === null) return null;
    const { caps, active, added } = best;
    const together = (lack: Lack): boolean =>
      lack !== best &&
      lack.active.metric === active.metric &&
      lack.active.version === active.version &&
      isSameCaps(lack.caps, caps) &&
      isSameCaps(lack.added?.caps, added?.caps) &&
      !this.#failing.has(keyOf(lack));
    return least > 0 ? [best] : [best, ...lacking.filter(together)];
  }

  done(fill: Fill): void {
    for (const lack of fill) this.#failing.delete(keyOf(lack));
  }

  /** `random` is uniform in [0, 1), so that those that failed together are not retried together. */
  failed(
    fill: Fill,
    fault: { code: ErrorCode; message: string },
    { now, random }: { now: number; random: number },
  ): void {
    for (const lack of fill) {
      const { metric, version } = lack.active;
      const known = this.#failing.get(keyOf(lack));
      const attempts = (known?.attempts ?? 0) + 1;
      const bounds = isPassing(fault.code) ? SOON : LATE;
      // Several that failed together are tried apart at once: most likely one of them is at fault.
      const wait = fill.length > 1 ? 0 : longestBackoff(attempts + 1, bounds) * (0.5 + random / 2);
      this.#failing.set(keyOf(lack), {
        metric,
        version,
        attempts,
        since: known?.since ?? now,
        next: now + Math.floor(wait),
        code: fault.code,
        message: fault.message.slice(0, TOLD).toWellFormed(),
      });
    }
  }

  /** Forgets what is no longer lacking: filled in, retired, or another worker's. */
  keep(lacking: readonly Lack[]): void {
    const keys = new Set(lacking.map(keyOf));
    for (const key of this.#failing.keys()) if (!keys.has(key)) this.#failing.delete(key);
  }

  /** What fails, a line for each metric version, those that have failed most first. */
  failures(): BackfillFailure[] {
    const lines = new Map<string, BackfillFailure>();
    for (const { metric, version, attempts, since, next, code, message } of this.#failing.values()) {
      const key = `${version} ${metric}`;
      const line = lines.get(key);
      lines.set(key, {
        metric,
        version,
        partitions: (line?.partitions ?? 0) + 1,
        attempts: Math.max(attempts, line?.attempts ?? 0),
        since: Math.min(since, line?.since ?? since),
        next: Math.min(next, line?.next ?? next),
        code,
        message,
      });
    }
    return [...lines.values()].sort((a, b) => b.attempts - a.attempts);
  }
}
