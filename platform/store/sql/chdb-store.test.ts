import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aggregateOf } from '#aggregates/registry.ts';
import { openEmbeddedStore } from '../open-store.ts';
import { storeConformance } from '../store.conformance.ts';

storeConformance(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-store-'));
  const store = await openEmbeddedStore({ folder, memory: 1_000_000_000, sessions: 2 }, { aggregateOf });
  return {
    store,
    async end() {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});
