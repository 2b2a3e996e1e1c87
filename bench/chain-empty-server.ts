/** What chain.bench.ts compares with: a Fastify route that reads the same bodies and ignores them. Prints its address. */
import { fastify } from 'fastify';

const BODY_LIMIT = 10_485_760;
const server = fastify();
server.removeAllContentTypeParsers();
server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, done) =>
  done(null, body),
);
server.post('/v1/events', async () => ({ accepted: 0, late: 0, duplicates: 0, rejected: 0, errors: [] }));
process.send!(await server.listen({ host: '127.0.0.1', port: 0 }));
process.on('disconnect', () => process.exit());
