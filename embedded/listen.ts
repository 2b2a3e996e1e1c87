import type { FastifyInstance } from 'fastify';
import { MillraceError } from '#contracts/errors.ts';
import type { Settings } from '#platform/process/settings.ts';

/** Opens the port and answers the address; rejects with `port_taken` when another process has it. */
export async function listen(server: FastifyInstance, { host, port }: Settings['http']): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new MillraceError({
      code: 'port_taken',
      field: 'MILLRACE_PORT',
      message: `Port ${port} on ${host} is in use by another process. Stop that one, or set MILLRACE_PORT to another port.`,
    });
  }
}
