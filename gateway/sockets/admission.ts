import type { IncomingMessage } from 'node:http';
import { type Fault, shown } from '#contracts/errors.ts';
import { holdsKey } from '#platform/access/read-bearer.ts';
import { hostFault } from '#platform/http/callers/check-caller.ts';
import { addressName } from '#platform/limits/address-name.ts';
import { createNameCounts } from '#platform/limits/name-counts.ts';
import type { GatewayDeps, GatewaySettings } from '../deps.ts';
import { createHandshakeRates } from './handshake-rates.ts';

export interface Admission {
  /** What is wrong with a handshake, or with a later request of a connection; null where nothing is. */
  check(request: IncomingMessage, address: string, isHandshake: boolean): Fault | null;
  /** A connection is open, whether or not its client ever enters. */
  opened(address: string): void;
  closed(address: string): void;
  /** From now on nobody new is let in. */
  close(): void;
}

type Limits = Pick<
  GatewaySettings,
  'connections' | 'connectionsPerAddress' | 'handshakes' | 'handshakesPerAddress'
>;

/** Who may open a connection: pages of this server, within the limits. Also asked for every polling request. */
export function createAdmission(
  limits: Limits,
  { allowHost, allowOrigin, clock }: Pick<GatewayDeps, 'allowHost' | 'allowOrigin' | 'clock'>,
): Admission {
  const { connections, connectionsPerAddress } = limits;
  const countHandshake = createHandshakeRates(limits);
  const open = createNameCounts();
  /** Let in, and open before this turn of the event loop ends if at all: many handshakes may come in one piece. */
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
