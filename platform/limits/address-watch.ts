import type { Fault } from '#contracts/errors.ts';
import { createBucketTable } from './bucket-table.ts';
import { type CallerLimits, createCallerLimits, type Measure, partOf } from './caller-limits.ts';
import { createCutOff } from './cut-off.ts';

/** The limits of addresses, and the cut-off of those that ignore refusals. */
export interface AddressWatch extends CallerLimits {
  /** Counts a refusal; an address that is refused as often as it may send requests is cut off. */
  refused(name: string, now: number): void;
  /** Whether the address is not served at all now. */
  isCutOff(name: string, now: number): boolean;
}

/** ms for which an address is cut off that keeps sending at twice its limit. */
const CUT_OFF = 1_000;

/** A refusal costs nearly as much as a served request, so no more refusals are answered than requests are allowed. */
export function createAddressWatch(rates: Readonly<Record<Measure, number>>): AddressWatch {
  const limits = createCallerLimits('address', rates);
  const refusals = createBucketTable({ rate: rates.requests, burst: partOf(rates.requests, 10) });
  const cutOff = createCutOff(CUT_OFF);
  return {
    ...limits,
    accept: (name, now) => (cutOff.has(name, now) ? OVER_AND_OVER : limits.accept(name, now)),
    refused(name, now) {
      if (cutOff.has(name, now) || refusals.consume(name, 1, now) === 0) return;
      cutOff.add(name, now);
      // Or it would come back to a full bucket, and be served more than one that keeps to its limit.
      limits.spend(name, 'requests', (rates.requests * CUT_OFF) / 1_000, now);
    },
    isCutOff: cutOff.has,
  };
}

const OVER_AND_OVER: Fault = {
  code: 'too_many_requests',
  field: 'requests',
  message: 'This address keeps sending far above its limit; it is not served for one second.',
  after: CUT_OFF,
};
