import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { MillraceError, shown } from '#contracts/errors.ts';
import { parseKeyGrant, readStoredKey, type StoredKey } from '#contracts/key.ts';
import { checkTexts } from '#contracts/text/check-texts.ts';
import { makeKey } from '#platform/access/make-key.ts';
import type { GatewayDeps, GatewaySettings } from '../../deps.ts';
import type { KeyUses } from '../../status/key-uses.ts';
import { preconditionFailed } from '../definitions/preconditions.ts';
import { KEY_OPTIONS } from './key-options.ts';

type Deps = Pick<GatewayDeps, 'catalog' | 'clock' | 'budgets'> & { uses: Pick<KeyUses, 'list'> };

/** Adds the routes that make, list and revoke keys. Only the answer to making one shows the whole key. */
export function addKeyRoutes(
  server: FastifyInstance,
  { keys: limit, definitionBytes }: Pick<GatewaySettings, 'keys' | 'definitionBytes'>,
  { catalog: follower, clock, budgets, uses }: Deps,
): void {
  const { keys } = follower.catalog;
  budgets.watch({ name: 'keys', unit: 'count', most: limit, setting: 'MILLRACE_KEYS' }, () => keys.size);
  const write = async (id: string, basedOn: number | null, body: StoredKey | null): Promise<void> => {
    const record = {
      kind: 'key',
      id,
      basedOn,
      body: body === null ? null : { ...body },
      version: null,
    } as const;
    const { applied } = await follower.write(record);
    if (!applied) throw preconditionFailed('The key was changed by somebody else meanwhile; read it again.');
  };
  server.post('/v1/keys', { ...KEY_OPTIONS.make, bodyLimit: definitionBytes }, async (request, reply) => {
    const unfit = checkTexts(request.body, 'invalid_definition');
    if (unfit !== null) throw new MillraceError(unfit);
    const grant = parseKeyGrant(request.body, clock());
    if (!grant.ok) throw new MillraceError(grant.fault);
    if (keys.size >= limit) {
      budgets.refused('keys');
      const message = `There are ${limit} keys, the limit (MILLRACE_KEYS); revoke one that nobody needs.`;
      throw new MillraceError({ code: 'too_many_definitions', message });
    }
    const { id, key, stored } = makeKey(grant.value, randomBytes, clock());
    await write(id, null, stored);
    return reply
      .code(201)
      .header('cache-control', 'no-store')
      .send({ ...describeKey(id, stored), key });
  });
  server.get('/v1/keys', KEY_OPTIONS.list, async (_, reply) => {
    const read = [...keys.values()].map(({ id, body }) => ({ id, stored: readStoredKey(body) }));
    const used = await uses.list();
    // What the Store holds of it is not known while that is away: then nothing is said.
    const usedOf = (id: string) => (used === null ? {} : { lastUsed: timeOf(used.get(id) ?? null) });
    const known = read.flatMap(({ id, stored }) =>
      stored === null ? [] : [{ ...describeKey(id, stored), ...usedOf(id) }],
    );
    const faults = read.flatMap(({ id, stored }) => (stored === null ? [{ id, ...UNREADABLE }] : []));
    reply.header('cache-control', 'no-store');
    const list = { keys: known.sort((a, b) => (a.created < b.created ? -1 : 1)) };
    return faults.length === 0 ? list : { ...list, faults };
  });
  server.get('/v1/key', KEY_OPTIONS.own, async (request, reply) => {
    const { id, scope, metrics, origins, expires } = request.caller!;
    reply.header('cache-control', 'no-store');
    return { id: id === 'anyone' ? null : id, scope, metrics, origins, expires: timeOf(expires) };
  });
  server.delete<{ Params: { id: string } }>('/v1/keys/:id', KEY_OPTIONS.revoke, async (request, reply) => {
    const { id } = request.params;
    // Another gateway may have made it a moment ago.
    if (!keys.has(id)) await follower.caughtUp();
    const current = keys.get(id);
    if (current === undefined) {
      throw new MillraceError({ code: 'unknown_key', field: 'id', message: `There is no key ${shown(id)}.` });
    }
    await write(id, current.offset, null);
    return reply.code(204).send();
  });
}

const UNREADABLE = {
  code: 'invalid_definition',
  message:
    'The stored record is not a valid key, so nobody can use it. Another version may have written it; revoke it.',
};

const timeOf = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** Returns what may be shown of a key after it was made. */
function describeKey(id: string, { name, scope, metrics, origins, expires, created }: StoredKey) {
  return {
    id,
    name,
    scope,
    metrics,
    origins,
    expires: timeOf(expires),
    created: new Date(created).toISOString(),
  };
}
