import type { IncomingMessage } from 'node:http';
import { type Fault, shown } from '#contracts/errors.ts';
import { holdsKey } from '#platform/access/read-bearer.ts';
import { hostFault } from '#platform/http/callers/check-caller.ts';
import { addressName } from '#platform/limits/address-name.ts';
import { createBucketTable } from '#platform/limits/bucket-table.ts';
import { createNameCounts } from '#platform/limits/name-counts.ts';
import { createTokenBucket } from '#platform/limits/token-bucket.ts';
import type { GatewayDeps, GatewaySettings } from '../deps.ts';

export interface Admission {
  /** Returns why a handshake, or a later request of a connection, is refused; null where it is not. */
  check(request: IncomingMessage, address: string, isHandshake: boolean): Fault | null;
  /** To be called when a connection is open, whether or not its client ever authenticates. */
  opened(address: string): void;
  closed(address: string): void;
  /** Refuses every handshake from now on. */
  close(): void;
}

type Limits = Pick<
  GatewaySettings,
  'connections' | 'connectionsPerAddress' | 'handshakes' | 'handshakesPerAddress'
>;

/** Decides which connections may be opened: those of pages of this server, within the limits. Also checks every polling request. */
export function createAdmission(
  limits: Limits,
  { allowHost, allowOrigin, clock }: Pick<GatewayDeps, 'allowHost' | 'allowOrigin' | 'clock'>,
): Admission {
  const { connections, connectionsPerAddress } = limits;
  const countHandshake = createHandshakeLimit(limits);
  const open = createNameCounts();
  /** Accepted in this turn of the event loop, and not open yet: many handshakes may come in one piece. */
  let begun = createNameCounts();
  const begin = (name: string): void => {
    if (begun.all === 0) {
      const turn = begun;
      setImmediate(() => {
        if (begun === turn) begun = createNameCounts();
      });
    }
    begun.add(name, 1);
  };
  let closing = false;
  const checkLimits = (address: string): Fault | null => {
    if (closing) return { code: 'shutting_down', message: 'The gateway is stopping; connect again.' };
    const fault = countHandshake(address, clock());
    if (fault !== null) return fault;
    if (open.all + begun.all >= connections) {
      return {
        code: 'too_many_connections',
        message: `The gateway has ${connections} connections, its limit (MILLRACE_CONNECTIONS).`,
      };
    }
    if (open.of(address) + begun.of(address) >= connectionsPerAddress) {
      return {
        code: 'too_many_connections',
        message: `One address may have ${connectionsPerAddress} connections (MILLRACE_CONNECTIONS_PER_ADDRESS).`,
      };
    }
    begin(address);
    return null;
  };
  return {
    check(request, address, isHandshake) {
      const { url = '', headers } = request;
      const { host, origin } = headers;
      const fault = hostFault(request, { allowHost });
      if (fault !== null) return fault;
      if (!allowOrigin(origin, host)) {
        const message = `Pages of ${shown(origin)} may send events here, but not connect: add that to MILLRACE_HOSTS and give the page a key that may read, or serve it and Millrace behind one proxy.`;
        return { code: 'forbidden_origin', message };
      }
      if (holdsKey(url)) {
        const message =
          'The address holds a key, which others on the way can read. Revoke it, and send keys as auth.';
        return { code: 'key_in_url', message };
      }
      return isHandshake ? checkLimits(addressName(address)) : null;
    },
    opened(address) {
      const name = addressName(address);
      if (begun.of(name) > 0) begun.add(name, -1);
      open.add(name, 1);
    },
    closed(address) {
      open.add(addressName(address), -1);
    },
    close() {
      closing = true;
    },
  };
}

/** Counts a connection that begins; returns why it may not begin now, null where it may. `now` is ms of any clock. */
type CountHandshake = (address: string, now: number) => Fault | null;

/** The address is counted first, so that a flood from one address does not use up the limit of the gateway. */
function createHandshakeLimit({
  handshakes,
  handshakesPerAddress,
}: Pick<Limits, 'handshakes' | 'handshakesPerAddress'>): CountHandshake {
  const all = createTokenBucket(handshakes, handshakes);
  const addresses = createBucketTable({ rate: handshakesPerAddress, burst: handshakesPerAddress });
  return (address, now) => {
    const own = addresses.consume(address, 1, now);
    const after = own > 0 ? own : all.consume(1, now);
    if (after === 0) return null;
    const message =
      own > 0
        ? `One address may begin ${handshakesPerAddress} connections a second (MILLRACE_HANDSHAKES_PER_ADDRESS).`
        : `The gateway takes ${handshakes} new connections a second (MILLRACE_HANDSHAKES).`;
    return { code: 'too_many_handshakes', message, after: Math.ceil(after) };
  };
}
