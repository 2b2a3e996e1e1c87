import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * The address that a request comes from, for limits. Each proxy in front writes whom it heard to the end of
 * X-Forwarded-For, so with `proxies` of them the client is that many from its end; what stands before that the client
 * may have written itself. Where the header holds no address there, and without proxies, it is the connection's own.
 */
export function clientAddress({ headers, socket }: IncomingMessage, proxies: number): string {
  const own = socket.remoteAddress ?? 'unknown';
  if (proxies === 0) return own;
  const heard = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  const named = heard.at(-proxies)?.trim() ?? '';
  return isIP(named) === 0 ? own : named;
}
