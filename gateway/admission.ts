import type { IncomingMessage } from 'node:http';
import { type Fault, shown } from '#contracts/errors.ts';
import type { GatewayDeps, GatewaySettings } from './deps.ts';

export interface Admission {
  check(request: IncomingMessage, address: string, isHandshake: boolean): Fault | null;
  entered(address: string): void;
  left(address: string): void;
  readonly count: number;
  /** From now on nobody new is let in. */
  close(): void;
}

type Limits = Pick<GatewaySettings, 'connections' | 'connectionsPerAddress'>;

/** Who may open a socket: pages of this server, within the limits. Also asked for every polling request. */
export function createAdmission(
  { connections, connectionsPerAddress }: Limits,
  { allowHost, allowOrigin }: Pick<GatewayDeps, 'allowHost' | 'allowOrigin'>,
): Admission {
  const addresses = new Map<string, number>();
  let count = 0;
  let closing = false;
  const checkLimits = (address: string): Fault | null => {
    if (closing) return { code: 'shutting_down', message: 'The gateway is stopping; connect again.' };
    if (count >= connections) {
      return {
        code: 'too_many_connections',
        message: `The gateway has ${connections} connections, its limit.`,
      };
    }
    if ((addresses.get(address) ?? 0) >= connectionsPerAddress) {
      return {
        code: 'too_many_connections',
        message: `One address may have ${connectionsPerAddress} connections.`,
      };
    }
    return null;
  };
  return {
    check({ headers: { host, origin } }, address, isHandshake) {
      if (!allowHost(host)) {
        return { code: 'forbidden_host', message: `This server does not answer to ${shown(host)}.` };
      }
      if (!allowOrigin(origin, host)) {
        return { code: 'forbidden_origin', message: `Pages of ${shown(origin)} may not connect here.` };
      }
      return isHandshake ? checkLimits(address) : null;
    },
    entered(address) {
      count++;
      addresses.set(address, (addresses.get(address) ?? 0) + 1);
    },
    left(address) {
      count--;
      const left = (addresses.get(address) ?? 1) - 1;
      if (left > 0) addresses.set(address, left);
      else addresses.delete(address);
    },
    get count() {
      return count;
    },
    close() {
      closing = true;
    },
  };
}
