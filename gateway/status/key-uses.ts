import type { KeyUse } from '#contracts/log/rows.ts';
import { codeOf } from '#platform/process/code-of.ts';
import type { GatewayDeps } from '../deps.ts';

/** When keys were last used, in any process; kept in the Store. */
export interface KeyUses {
  /** Takes the uses that another process has reported, epoch ms by key id. */
  add(reported: Readonly<Record<string, number>>): void;
  /** Returns the last use of each key that has one, epoch ms by id; null where the Store does not say what it holds. */
  list(): Promise<ReadonlyMap<string, number> | null>;
  /** Stores what is not stored yet. */
  close(): Promise<void>;
}

/** How often uses that have changed are stored, ms: what is lost by a crash is less. */
const STORED_EVERY = 60_000;

/**
 * Merges the uses of this process, those that others report, and those of the Store. A request costs an entry in a map; the Store gets one
 * insert a minute at most, of the keys that were used since. Several gateways store the same, which changes nothing.
 */
export function createKeyUses({
  store,
  keyring,
  catalog: { catalog },
  logger,
}: Pick<GatewayDeps, 'store' | 'keyring' | 'catalog' | 'logger'>): KeyUses {
  const reported = new Map<string, number>();
  /** What the Store holds, once it was read. */
  let stored: Map<string, number> | null = null;
  let failing = false;
  let running: Promise<void> | null = null;

  const readStored = async (): Promise<Map<string, number>> =>
    new Map((await store.readKeyUses()).map(({ key, used }) => [key, used]));
  /** Only of keys that there are: one that was revoked is of no more use, here and for the bound. */
  const merged = (base: ReadonlyMap<string, number>): Map<string, number> => {
    const latest = new Map<string, number>();
    for (const id of catalog.keys.keys()) {
      const used = Math.max(base.get(id) ?? 0, reported.get(id) ?? 0, keyring.uses.get(id) ?? 0);
      if (used > 0) latest.set(id, used);
    }
    return latest;
  };
  const storeChanged = async (): Promise<void> => {
    for (const id of reported.keys()) if (!catalog.keys.has(id)) reported.delete(id);
    if (merged(new Map()).size === 0) return;
    stored ??= await readStored();
    const changed: KeyUse[] = [];
    for (const [key, used] of merged(stored)) if (used > (stored.get(key) ?? 0)) changed.push({ key, used });
    if (changed.length === 0) return;
    await store.insertKeyUses(changed);
    for (const { key, used } of changed) stored.set(key, used);
  };
  const flush = async (): Promise<void> => {
    try {
      await storeChanged();
      if (failing) logger.info('storing the uses of keys again');
      failing = false;
    } catch (error) {
      if (!failing) logger.warn({ err: error, code: codeOf(error) }, 'cannot store the uses of keys');
      failing = true;
    } finally {
      running = null;
    }
  };
  const timer = setInterval(() => {
    running ??= flush();
  }, STORED_EVERY).unref();

  return {
    add(uses) {
      for (const [id, used] of Object.entries(uses))
        if (catalog.keys.has(id)) reported.set(id, Math.max(used, reported.get(id) ?? 0));
    },
    async list() {
      try {
        // Read each time: another gateway may have stored what was reported before this one began.
        return merged(await readStored());
      } catch (error) {
        logger.warn({ err: error, code: codeOf(error) }, 'cannot read the uses of keys');
        return null;
      }
    },
    async close() {
      clearInterval(timer);
      await running;
      await flush();
    },
  };
}
