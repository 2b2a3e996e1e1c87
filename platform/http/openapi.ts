import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';

/** Collects the routes' schemas; `/openapi.json` serves what it found. */
export function addOpenApi(server: FastifyInstance): void {
  server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Millrace', description: 'Events in, live metrics out.', version: '1' },
    },
  });
}
