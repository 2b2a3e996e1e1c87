import type { CallerLimits, Measure } from '#platform/limits/caller-limits.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set for every request that reaches a route; one whose address cannot be decoded is answered before. */
    sender: Sender;
  }
}

/** The caller to which the limits count a request. */
export interface Sender {
  readonly address: string;
  /** Of the key; null without one, and for the process's own. */
  key: string | null;
  /** Counts an amount that is known only once it has arrived. */
  spend(measure: Measure, n: number): void;
}

export function createSender(
  address: string,
  { addresses, keys, now }: { addresses: CallerLimits; keys: CallerLimits; now: () => number },
): Sender {
  return {
    address,
    key: null,
    spend(measure, n) {
      addresses.spend(address, measure, n, now());
      if (this.key !== null) keys.spend(this.key, measure, n, now());
    },
  };
}
