import type { IncomingMessage } from 'node:http';
import { type Fault, shown } from '#contracts/errors.ts';
import { holdsKey } from '#platform/access/read-bearer.ts';
import { addressName } from '#platform/limits/address-name.ts';
import type { GatewayDeps, GatewaySettings } from './deps.ts';
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
  const addresses = new Map<string, number>();
  let count = 0;
  let closing = false;
  const checkLimits = (address: string): Fault | null => {
    if (closing) return { code: 'shutting_down', message: 'The gateway is stopping; connect again.' };
    const fault = countHandshake(address, clock());
    if (fault !== null) return fault;
    if (count >= connections) {
      return {
        code: 'too_many_connections',
        message: `The gateway has ${connections} connections, its limit (MILLRACE_CONNECTIONS).`,
      };
    }
    if ((addresses.get(address) ?? 0) < connectionsPerAddress) return null;
    return {
      code: 'too_many_connections',
      message: `One address may have ${connectionsPerAddress} connections (MILLRACE_CONNECTIONS_PER_ADDRESS).`,
    };
  };
  return {
    check({ url = '', headers: { host, origin } }, address, isHandshake) {
      if (!allowHost(host)) {
        return { code: 'forbidden_host', message: `This server does not answer to ${shown(host)}.` };
      }
      if (!allowOrigin(origin, host)) {
        return { code: 'forbidden_origin', message: `Pages of ${shown(origin)} may not connect here.` };
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
      count++;
      addresses.set(name, (addresses.get(name) ?? 0) + 1);
    },
    closed(address) {
      const name = addressName(address);
      count--;
      const left = (addresses.get(name) ?? 1) - 1;
      if (left > 0) addresses.set(name, left);
      else addresses.delete(name);
    },
    close() {
      closing = true;
    },
  };
}
