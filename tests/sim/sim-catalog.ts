import { type Catalog, type DefinitionRecord, emptyCatalog } from '#contracts/log/definition-record.ts';
import type { Core } from './core.ts';

/** One reader's view of the definitions topic: a prefix of it, applied. */
export class SimCatalog {
  readonly catalog: Catalog = emptyCatalog();
  /** Records read. */
  next = 0;
  readonly #topic: readonly DefinitionRecord[];
  readonly #core: Core;

  /** A reader that starts reads everything that is there first. */
  constructor(topic: readonly DefinitionRecord[], core: Core) {
    this.#topic = topic;
    this.#core = core;
    this.readAll();
  }

  /** Reads one record; false when there is none. */
  read(): boolean {
    const record = this.#topic[this.next];
    if (record === undefined) return false;
    this.#core.applyDefinition(this.catalog, record, this.next++);
    return true;
  }

  readAll(): void {
    while (this.read());
  }
}
