import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MillraceError } from '#contracts/errors.ts';
import { readYaml, writeYaml } from './yaml-text.ts';

const YAML = ['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml'];
const UNDECLARED = ['application/x-www-form-urlencoded', 'text/plain'];
/** The largest definition, bytes. */
export const MAX_DEFINITION = 262_144;

/** Bodies may be JSON or YAML; what curl sends by default is read as YAML too, of which JSON is a part. */
export function readYamlBodies(server: FastifyInstance): void {
  server.addContentTypeParser(
    [...YAML, ...UNDECLARED],
    { parseAs: 'string', bodyLimit: MAX_DEFINITION },
    (_, body, done) => {
      const read = readYaml(String(body));
      if (read.ok) done(null, read.value);
      else done(new MillraceError(read.fault));
    },
  );
}

/** Answers in the form that the caller prefers; JSON unless YAML is named. */
export function sendDefinition(request: FastifyRequest, reply: FastifyReply, value: object): FastifyReply {
  reply.header('vary', 'accept');
  const accept = request.headers.accept ?? '';
  const type = YAML.find((name) => accept.includes(name));
  if (type === undefined) return reply.send(value);
  return reply.type(`${type}; charset=utf-8`).send(writeYaml(value));
}
