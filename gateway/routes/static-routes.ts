import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const YEAR = 'public, max-age=31536000, immutable';

/** The built dashboard: hashed assets for ever, the page itself always asked for again; board addresses are the page's. */
export async function addDashboard(server: FastifyInstance, folder: string): Promise<void> {
  await server.register(fastifyStatic, {
    root: folder,
    index: ['index.html'],
    cacheControl: false,
    setHeaders(response, path) {
      response.header('cache-control', path.includes(`${join(folder, 'assets')}`) ? YEAR : 'no-cache');
    },
  });
  const page = { schema: { hide: true } };
  for (const address of ['/boards', '/boards/*']) {
    server.get(address, page, (_, reply) => reply.sendFile('index.html', folder));
  }
}

/** The SDK for browsers, one file. */
export function addClientFile(server: FastifyInstance, file: string): void {
  server.get('/client.js', { schema: { hide: true } }, async (_, reply) => {
    const text = await readFile(file);
    return reply.header('cache-control', 'no-cache').type('text/javascript; charset=utf-8').send(text);
  });
}
