import { isRecord } from '#contracts/is-record.ts';
import { catchRejection, type ReportError } from '../host/listeners.ts';
import type { EventStorage } from '../host/page.ts';

/** The most that all pages of one origin store, characters; browsers give an origin about 5 million. */
const CHARS = 2_000_000;

/**
 * Waiting events in storage, one a line, so that they outlive the page. Pages of one origin share the entry: each
 * replaces what it put or took over and leaves the rest. Two pages that take over the same events both send them,
 * which their ids make harmless.
 */
export class PersistedEvents {
  readonly #storage: EventStorage;
  readonly #name: string;
  readonly #report: ReportError;
  #own = new Set<string>();
  #failed = false;

  constructor(storage: EventStorage, url: URL, report: ReportError) {
    this.#storage = storage;
    this.#name = `millrace.events ${url.href}`;
    this.#report = report;
  }

  /** Whether the storage holds events that this page must remove. */
  get any(): boolean {
    return this.#own.size > 0;
  }

  /** Returns what earlier pages left; from now on it belongs to this page. */
  recover(): string[] {
    const lines = this.#read() ?? [];
    this.#own = new Set(lines);
    const events = lines.filter(isEvent);
    if (events.length < lines.length)
      this.#report(new Error(`Skipped ${lines.length - events.length} stored lines that are not events.`));
    return events;
  }

  /** Stores these in place of those that it stored before. */
  persist(events: readonly string[]): void {
    if (events.length === 0 && !this.any) return;
    const gone = new Set([...this.#own, ...events]);
    const before = this.#read();
    if (before === null) {
      // A write now would lose the events of other pages.
      this.#own = gone;
      return;
    }
    const lines = [...before.filter((line) => !gone.has(line)), ...events];
    let chars = lines.reduce((sum, line) => sum + line.length + 1, 0);
    let dropped = 0;
    for (; chars > CHARS; dropped++) chars -= lines.shift()!.length + 1;
    if (dropped > 0) this.#report(new Error(`Dropped the ${dropped} oldest stored events.`));
    // After a failed write, what was there before still belongs to this page.
    this.#own = this.#write(lines) ? new Set(events) : gone;
  }

  #write(lines: readonly string[]): boolean {
    return this.#guard(() => {
      const written: unknown =
        lines.length === 0
          ? this.#storage.removeItem(this.#name)
          : this.#storage.setItem(this.#name, lines.join('\n'));
      catchRejection(this.#report, written);
      this.#failed = false;
      return true;
    }, false);
  }

  /** Returns null where that fails. */
  #read(): string[] | null {
    return this.#guard(() => {
      const text: unknown = this.#storage.getItem(this.#name) ?? '';
      catchRejection(this.#report, text);
      if (typeof text !== 'string') throw new TypeError('storage.getItem did not return a string.');
      return text === '' ? [] : text.split('\n');
    }, null);
  }

  /** Storage may be full or forbidden: that is reported once until it works again, and the events wait in memory. */
  #guard<T>(use: () => T, otherwise: T): T {
    try {
      return use();
    } catch (error) {
      if (!this.#failed)
        this.#report(new Error('The storage cannot be used; events wait in memory only.', { cause: error }));
      this.#failed = true;
      return otherwise;
    }
  }
}

function isEvent(line: string): boolean {
  try {
    const event: unknown = JSON.parse(line);
    return isRecord(event) && typeof event.event === 'string' && typeof event.id === 'string';
  } catch {
    return false;
  }
}
