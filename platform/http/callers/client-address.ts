import type { IncomingMessage } from 'node:http';
import { isIP, isIPv4 } from 'node:net';

/**
 * Returns the address that a request comes from, for limits. Each trusted proxy appends the address of its peer to
 * X-Forwarded-For, so the client is entry number `proxies` from the end; the client may have forged the entries before.
 * Proxies write addresses with and without port, brackets and quotes. If there is no proxy, or no address at that entry,
 * the address is the connection's own.
 */
export function clientAddress({ headers, socket }: IncomingMessage, proxies: number): string {
  const own = socket.remoteAddress ?? 'unknown';
  if (proxies === 0) return own;
  const heard = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  return readAddress(heard.at(-proxies) ?? '') ?? own;
}

const IN_BRACKETS = /^\[([\da-f:.]+(?:%[\w.-]+)?)\](?::\d{1,5})?$/i;
const WITH_PORT = /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/;

/** Returns null for a text that is not an address, such as `unknown`. */
function readAddress(text: string): string | null {
  const quoted = text.trim();
  const bare = /^"(.*)"$/.exec(quoted)?.[1]?.trim() ?? quoted;
  const address = IN_BRACKETS.exec(bare)?.[1] ?? WITH_PORT.exec(bare)?.[1] ?? bare;
  if (bare.startsWith('[') && isIPv4(address)) return null;
  return isIP(address) === 0 ? null : address;
}
