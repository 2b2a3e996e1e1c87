import type { Fault } from '#contracts/errors.ts';
import { createBucketTable } from '#platform/limits/bucket-table.ts';
import { createTokenBucket } from '#platform/limits/token-bucket.ts';
import type { GatewaySettings } from '../deps.ts';

/** Counts a connection that begins; what is wrong with its beginning now, null where nothing is. `now` is ms of any clock. */
export type CountHandshake = (address: string, now: number) => Fault | null;

/** The address is asked first, so that a flood of one leaves the gateway's own to the others. */
export function createHandshakeRates({
  handshakes,
  handshakesPerAddress,
}: Pick<GatewaySettings, 'handshakes' | 'handshakesPerAddress'>): CountHandshake {
  const all = createTokenBucket(handshakes, handshakes);
  const addresses = createBucketTable({ rate: handshakesPerAddress, burst: handshakesPerAddress });
  return (address, now) => {
    const own = addresses.take(address, 1, now);
    const after = own > 0 ? own : all.take(1, now);
    if (after === 0) return null;
    const message =
      own > 0
        ? `One address may begin ${handshakesPerAddress} connections a second (MILLRACE_HANDSHAKES_PER_ADDRESS).`
        : `The gateway takes ${handshakes} new connections a second (MILLRACE_HANDSHAKES).`;
    return { code: 'too_many_handshakes', message, after: Math.ceil(after) };
  };
}
