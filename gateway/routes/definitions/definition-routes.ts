import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MillraceError, shown } from '#contracts/errors.ts';
import type { Definition, DefinitionRecord } from '#contracts/log/definition-record.ts';
import type { CatalogFollower } from '#platform/definitions/follow.ts';
import { sendDefinition } from './definition-body.ts';
import type { DefinitionCapacity } from './definition-capacity.ts';
import type { DefinitionKind } from './definition-kind.ts';
import { optionsOf } from './definition-options.ts';
import { checkPreconditions, etagOf, matchesEtag, preconditionFailed } from './preconditions.ts';

type WithId = FastifyRequest<{ Params: { id: string } }>;

export interface DefinitionBounds {
  capacity: DefinitionCapacity;
  /** Bytes of one definition, as it is sent. */
  most: number;
}

/** Adds GET, PUT and DELETE of one definition, and the list of all. */
export function addDefinitionRoutes(
  server: FastifyInstance,
  kind: DefinitionKind,
  follower: CatalogFollower,
  { capacity, most }: DefinitionBounds,
): void {
  const { catalog } = follower;
  const entries = kind.kind === 'metric' ? catalog.metrics : catalog.boards;
  const url = `/v1/${kind.plural}/:id`;
  const find = async (id: string): Promise<Definition> => {
    // Another gateway may have stored it a moment ago.
    if (!entries.has(id)) await follower.caughtUp();
    const found = entries.get(id);
    if (found !== undefined) return found;
    throw new MillraceError({
      code: kind.unknown,
      field: 'id',
      message: `There is no ${kind.kind} ${shown(id)}.`,
    });
  };
  const write = async (record: DefinitionRecord): Promise<number> => {
    const { applied, offset } = await follower.write(record);
    if (applied) return offset;
    throw preconditionFailed(`The ${kind.kind} was changed by somebody else meanwhile; read it again.`);
  };
  const checkChangeable = (id: string): void => {
    const fault = kind.protect(id);
    if (fault !== null) throw new MillraceError(fault);
  };
  const put = async (request: WithId, reply: FastifyReply): Promise<FastifyReply> => {
    const { id } = request.params;
    checkChangeable(id);
    if (kind.needsOthers(request.body)) await follower.caughtUp();
    const current = entries.get(id);
    checkPreconditions(request.headers, current);
    // As it will be read back: -0, for example, becomes 0.
    const body = JSON.parse(JSON.stringify(kind.read(id, request.body))) as Record<string, unknown>;
    const refusal = capacity.check(body, current);
    if (refusal !== null) throw new MillraceError(refusal);
    const same = current !== undefined && JSON.stringify(current.body) === JSON.stringify(body);
    const version = kind.versionOf(body, current);
    const basedOn = current?.offset ?? null;
    const offset = same ? current.offset : await write({ kind: kind.kind, id, basedOn, body, version });
    reply.code(current === undefined ? 201 : 200).header('etag', etagOf({ offset }));
    return sendDefinition(request, reply, body, most);
  };
  const remove = async (request: WithId, reply: FastifyReply): Promise<FastifyReply> => {
    checkChangeable(request.params.id);
    const current = await find(request.params.id);
    checkPreconditions(request.headers, current);
    if (kind.kind === 'metric') await follower.caughtUp();
    const used = kind.checkRemoval(current.id);
    if (used !== null) throw new MillraceError(used);
    await write({ kind: kind.kind, id: current.id, basedOn: current.offset, body: null, version: null });
    return reply.code(204).send();
  };
  const get = async (request: WithId, reply: FastifyReply): Promise<FastifyReply> => {
    const fault = kind.forbid(request.caller!, request.params.id);
    if (fault !== null) throw new MillraceError(fault);
    const current = await find(request.params.id);
    reply.header('etag', etagOf(current)).header('cache-control', 'no-cache');
    const wrong = kind.fault(current);
    if (wrong !== null) reply.header('millrace-fault', wrong.code);
    reply.headers(await kind.describe(current));
    const known = request.headers['if-none-match'];
    if (known !== undefined && matchesEtag(known, current)) return reply.code(304).send();
    return sendDefinition(request, reply, current.body, most);
  };
  const options = optionsOf(kind, most);
  server.get(url, options.get, get);
  server.put(url, options.put, put);
  server.delete(url, options.delete, remove);
  server.get(`/v1/${kind.plural}`, options.list, async (request, reply) => {
    const isListed = (id: string) => kind.protect(id) === null && kind.forbid(request.caller!, id) === null;
    const allowed = [...entries.values()].filter(({ id }) => isListed(id));
    const list = allowed.sort((a, b) => (a.id < b.id ? -1 : 1));
    const faults = list.flatMap((definition) => {
      const fault = kind.fault(definition);
      return fault === null ? [] : [{ id: definition.id, code: fault.code, message: fault.message }];
    });
    const answer = { [kind.plural]: list.map(({ body }) => body), ...(await kind.list(list)) };
    return sendDefinition(request, reply, faults.length === 0 ? answer : { ...answer, faults }, most);
  });
}
