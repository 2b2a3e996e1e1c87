import { lookup } from 'node:dns/promises';
import type { FastifyInstance } from 'fastify';
import { MillraceError } from '#contracts/errors.ts';
import type { Settings } from '#platform/process/settings/settings.ts';

/**
 * Starts listening and returns the address, such as `http://127.0.0.1:8080`. Throws `invalid_settings` for an address
 * or a port that is not available, `port_taken` for a port in use.
 */
export async function listen(
  server: FastifyInstance,
  { host, port }: Pick<Settings['http'], 'host' | 'port'>,
): Promise<string> {
  try {
    // For this one name Fastify opens further servers, which have none of this one's limits and sockets.
    return await server.listen({ host: host === 'localhost' ? (await lookup(host)).address : host, port });
  } catch (error) {
    throw explain(error as NodeJS.ErrnoException, host, port);
  }
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const cause = { cause: error };
  if (error.code === 'EADDRINUSE') {
    const message = `Port ${port} on ${host} is in use by another process. Stop it, or set MILLRACE_PORT to another port.`;
    return new MillraceError({ code: 'port_taken', field: 'MILLRACE_PORT', message }, cause);
  }
  if (error.code === 'EACCES') {
    const message = `Port ${port} may not be opened by this user; choose one above 1023 with MILLRACE_PORT.`;
    return new MillraceError({ code: 'invalid_settings', field: 'MILLRACE_PORT', message }, cause);
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    const message = `MILLRACE_HOST=${host} is not an address of this machine.`;
    return new MillraceError({ code: 'invalid_settings', field: 'MILLRACE_HOST', message }, cause);
  }
  return error;
}
