import { aggregateOf } from '#aggregates/registry.ts';
import { storeConformance } from '../store.conformance.ts';
import { createMemoryStore } from './memory-store.ts';

storeConformance(async () => {
  const store = createMemoryStore({ aggregateOf });
  return { store, end: () => store.close() };
});
