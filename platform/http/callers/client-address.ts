import type { IncomingMessage } from 'node:http';
import { isIP, isIPv4 } from 'node:net';

/**
 * The address that a request comes from, for limits. Each proxy in front writes whom it heard to the end of
 * X-Forwarded-For, so with `proxies` of them the client is that many from its end; what stands before that the client
 * may have written itself. Proxies write addresses with and without port, brackets and quotes. Where the header holds no
 * address there, and without proxies, it is the connection's own.
 */
export function clientAddress({ headers, socket }: IncomingMessage, proxies: number): string {
  const own = socket.remoteAddress ?? 'unknown';
  if (proxies === 0) return own;
  const heard = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  return readAddress(heard.at(-proxies) ?? '') ?? own;
}

const IN_BRACKETS = /^\[([\da-f:.]+(?:%[\w.-]+)?)\](?::\d{1,5})?$/i;
const WITH_PORT = /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/;

/** Null for what is no address, such as `unknown`. */
function readAddress(text: string): string | null {
  const quoted = text.trim();
  const bare = /^"(.*)"$/.exec(quoted)?.[1]?.trim() ?? quoted;
  const address = IN_BRACKETS.exec(bare)?.[1] ?? WITH_PORT.exec(bare)?.[1] ?? bare;
  if (bare.startsWith('[') && isIPv4(address)) return null;
  return isIP(address) === 0 ? null : address;
}
