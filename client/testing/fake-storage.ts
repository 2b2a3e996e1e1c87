import type { EventStorage } from '../host/page.ts';

/** Storage as a browser has it, in memory; `items` may be looked into and `refuse` makes it throw. */
export function createMemoryStorage(): EventStorage & { items: Map<string, string>; refuse: boolean } {
  const items = new Map<string, string>();
  const storage = {
    items,
    refuse: false,
    getItem: (name: string) => items.get(name) ?? null,
    setItem(name: string, value: string) {
      if (storage.refuse) throw new DOMException('Full.', 'QuotaExceededError');
      items.set(name, value);
    },
    removeItem: (name: string) => void items.delete(name),
  };
  return storage;
}
