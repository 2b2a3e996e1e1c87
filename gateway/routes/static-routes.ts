import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type {} from '#platform/http/refusals/not-found.ts';
import { readPreloadHeader } from './preload-header.ts';

/** The page holds no data; its requests for data need a key where keys are needed. */
const PUBLIC = { access: 'public' } as const;
const BOARD = '/boards/:id';
/** Addresses of the page beside `/`. */
const ROOMS = [
  '/boards',
  BOARD,
  '/explore',
  '/catalogue',
  '/catalogue/:id',
  '/events',
  '/connect',
  '/system',
  '/settings',
];
const YEAR = 'public, max-age=31536000, immutable';

export interface BuiltFiles {
  /** The built dashboard; null serves none. */
  staticFolder: string | null;
  /** The SDK's `client.js`, with `query.js` and the types of each in a `.d.ts` beside it; null serves none. */
  clientFile: string | null;
}

/**
 * Serves the built dashboard: hashed assets are cached for ever, the page itself is always revalidated. The addresses of rooms show
 * the page, and so do unknown ones in a browser, where it says that there is nothing. Serves the SDK as /client.js and /query.js, with
 * their types. Where the build left `x.br` or `x.gz` beside a file, clients that accept it get that.
 */
export async function addBuiltFiles(server: FastifyInstance, built: BuiltFiles): Promise<void> {
  const { staticFolder, clientFile } = built;
  if (staticFolder === null && clientFile === null) return;
  server.addHook('onRoute', (route) => {
    route.config = { ...PUBLIC, ...route.config };
  });
  await server.register(fastifyStatic, {
    root: staticFolder ?? dirname(clientFile!),
    serve: staticFolder !== null,
    index: ['index.html'],
    cacheControl: false,
    // Files are small, and an unsatisfiable range would need an error of its own.
    acceptRanges: false,
    preCompressed: true,
    setHeaders(response, path) {
      const hashed = staticFolder !== null && path.startsWith(join(staticFolder, 'assets'));
      response.header('cache-control', hashed ? YEAR : 'no-cache');
    },
  });
  const page = { config: PUBLIC, schema: { hide: true } };
  if (staticFolder !== null) {
    // Most pages that are opened by their address are boards.
    const preload = await readPreloadHeader(staticFolder);
    for (const address of ROOMS)
      for (const path of [address, `${address}/`])
        server.get(path, page, (_, reply) => {
          if (address === BOARD && preload !== null) reply.header('link', preload);
          return reply.sendFile('index.html', staticFolder);
        });
    const { missingPage } = server;
    if (missingPage !== undefined)
      missingPage.read = () => readFile(join(staticFolder, 'index.html'), 'utf8');
  }
  if (clientFile !== null) {
    const send = (reply: FastifyReply, file: string) => reply.sendFile(file, dirname(clientFile));
    // By its extension the type would be that of a video (MPEG-TS).
    const onSend = async (_: unknown, reply: FastifyReply) => void reply.type('text/plain; charset=utf-8');
    for (const module of ['client', 'query']) {
      server.get(`/${module}.js`, page, (_, reply) => send(reply, `${module}.js`));
      server.get(`/${module}.d.ts`, { ...page, onSend }, (_, reply) => send(reply, `${module}.d.ts`));
    }
  }
}
