import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MillraceError, ok, type Result, refuse } from '#contracts/errors.ts';
import { readJson } from './json-text.ts';
import { readYaml, writeYaml } from './yaml-text.ts';

const YAML = ['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml'];
const UNDECLARED = ['application/x-www-form-urlencoded', 'text/plain'];

/** Accepts bodies of JSON and YAML. What curl sends by default is read as YAML, which includes JSON. */
export function readDefinitionBodies(server: FastifyInstance, bodyLimit: number): void {
  addReader(server, ['application/json'], bodyLimit, readJson);
  addReader(server, [...YAML, ...UNDECLARED], bodyLimit, readYaml);
}

/** Refuses bytes that are not UTF-8: decoding would store replacement characters in their place. */
function addReader(
  server: FastifyInstance,
  types: string[],
  bodyLimit: number,
  read: (text: string) => Result<unknown>,
): void {
  server.addContentTypeParser(types, { parseAs: 'buffer', bodyLimit }, (request, body, done) => {
    // Many clients send a content type with every request.
    if (request.method === 'DELETE' && body.length === 0) return done(null, undefined);
    const text = decodeUtf8(body as Buffer);
    const value = text.ok ? read(text.value) : text;
    if (value.ok) done(null, value.value);
    else done(new MillraceError(value.fault));
  });
}

function decodeUtf8(bytes: Uint8Array): Result<string> {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return refuse('invalid_utf8', 'The body is not valid UTF-8.');
  }
}

/** Sends a value in the form that the caller prefers: JSON unless the Accept header names YAML; the YAML has at most `most` bytes. */
export function sendDefinition(
  request: FastifyRequest,
  reply: FastifyReply,
  value: object,
  most: number,
): FastifyReply {
  reply.header('vary', 'accept');
  const accept = request.headers.accept ?? '';
  const type = YAML.find((name) => accept.includes(name));
  if (type === undefined) return reply.send(value);
  return reply.type(`${type}; charset=utf-8`).send(writeYaml(value, most));
}
