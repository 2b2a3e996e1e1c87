import type { Fault } from '#contracts/errors.ts';
import { createBucketTable } from './bucket-table.ts';

export const MEASURES = ['requests', 'events', 'bytes'] as const;
export type Measure = (typeof MEASURES)[number];

/**
 * What each caller may send a second. The burst of events and bytes is a second's worth, since batches come at once; that
 * of requests is a quarter of it, since a burst of requests delays all other callers for as long as it is served.
 */
export interface CallerLimits {
  /** Counts a request. Refuses it with `too_many_requests` while one of the three is used up; then it is not counted. */
  accept(name: string, now: number): Fault | null;
  /** Counts an amount that is known only once it has arrived; the caller's next request waits for it. */
  spend(name: string, measure: Measure, n: number, now: number): void;
  /** Whether the caller is so far over one of the three that it should send nothing more now. */
  isInDebt(name: string, now: number): boolean;
}

/** `who` is the kind of caller that is counted; it is part of the settings' names. */
export function createCallerLimits(
  who: 'key' | 'address',
  rates: Readonly<Record<Measure, number>>,
): CallerLimits {
  const tableOf = (rate: number, burst: number) => createBucketTable({ rate, burst });
  const tables = {
    requests: tableOf(rates.requests, partOf(rates.requests, 4)),
    events: tableOf(rates.events, rates.events),
    bytes: tableOf(rates.bytes, rates.bytes),
  };
  const refuse = (measure: Measure, after: number): Fault => ({
    code: 'too_many_requests',
    field: measure,
    message: `This ${who} has reached its limit of ${rates[measure]} ${measure} per second (MILLRACE_${who.toUpperCase()}_${measure.toUpperCase()}).`,
    after,
  });
  return {
    accept(name, now) {
      // Debts first, so that a request refused for them is not counted.
      for (const measure of ['events', 'bytes'] as const) {
        const wait = tables[measure].consume(name, 0, now);
        if (wait > 0) return refuse(measure, wait);
      }
      const wait = tables.requests.consume(name, 1, now);
      return wait > 0 ? refuse('requests', wait) : null;
    },
    spend: (name, measure, n, now) => tables[measure].spend(name, n, now),
    isInDebt: (name, now) => MEASURES.some((measure) => tables[measure].consume(name, 0, now) > 0),
  };
}

/** A part of a rate that may come at once; of a small one all of it. */
export const partOf = (rate: number, parts: number): number => Math.min(rate, Math.max(10, rate / parts));
