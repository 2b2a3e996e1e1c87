import { MillraceError } from '#contracts/errors.ts';
import { backoff } from './backoff.ts';
import type { Environment } from './environment.ts';
import type { ReportError } from './listeners.ts';
import { type PostOutcome, postEvents } from './post-events.ts';

/** Stay far below the server's default limits, and keep memory bounded while it is away. */
const BATCH_EVENTS = 500;
const BATCH_CHARS = 500_000;
const QUEUE_EVENTS = 10_000;
const QUEUE_CHARS = 5_000_000;
const LINGER = 100;
const ATTEMPTS = 12;
const RETRY = { base: 500, cap: 30_000 };

interface Queued {
  json: string;
  resolve(): void;
  reject(error: MillraceError): void;
}

/**
 * Events on their way: sent in order, one request at a time. A retry sends the same text with the same ids, so the
 * server counts it once. Bounded: when full, new events are refused (`overloaded`).
 */
export class EventQueue {
  readonly #url: URL;
  readonly #env: Environment;
  readonly #report: ReportError;
  #queue: Queued[] = [];
  #chars = 0;
  #batchEvents = BATCH_EVENTS;
  #failures = 0;
  #sending = false;
  #closed = false;
  #cancel: (() => void) | null = null;
  #idle: (() => void)[] = [];

  constructor(url: URL, env: Environment, report: ReportError) {
    this.#url = url;
    this.#env = env;
    this.#report = report;
  }

  /** Rejects with a `MillraceError` where the event is refused or given up; then `report` is told too, so nobody has to wait for it. */
  add(event: string, properties?: Record<string, unknown>): Promise<void> {
    const json = this.#encode(event, properties);
    const outcome = new Promise<void>((resolve, reject) => {
      if (typeof json === 'string') this.#push({ json, resolve, reject });
      else reject(json);
    });
    outcome.catch(this.#report);
    return outcome;
  }

  /** Sends what is waiting, for at most `ms`; what is left then is refused (`shutting_down`). */
  async close(ms: number): Promise<void> {
    this.#closed = true;
    if (this.#queue.length === 0) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#env.after(ms, resolve);
      this.#idle.push(() => {
        cancel();
        resolve();
      });
      this.#failures = 0;
      void this.#send();
    });
    this.#cancel?.();
    this.#settle(
      this.#queue.length,
      new MillraceError({ code: 'shutting_down', message: 'The client was closed.' }),
    );
  }

  /** The event as text, or why it cannot be taken. Its time and id are those of now, whenever it is sent. */
  #encode(event: string, properties?: Record<string, unknown>): string | MillraceError {
    const refuse = (code: 'shutting_down' | 'overloaded' | 'wrong_type', message: string) =>
      new MillraceError({ code, message });
    if (this.#closed) return refuse('shutting_down', 'The client is closed.');
    let json: string;
    try {
      const timestamp = new Date(this.#env.clock()).toISOString();
      json = JSON.stringify({ event, id: this.#env.id(), timestamp, properties });
    } catch (error) {
      return refuse('wrong_type', `properties: not JSON: ${String(error)}`);
    }
    if (this.#queue.length < QUEUE_EVENTS && this.#chars + json.length <= QUEUE_CHARS) return json;
    const held = `${this.#queue.length} events (${this.#chars} characters) wait to be sent`;
    return refuse('overloaded', `${held}; at most ${QUEUE_EVENTS} (${QUEUE_CHARS}) may.`);
  }

  #push(queued: Queued): void {
    this.#queue.push(queued);
    this.#chars += queued.json.length;
    if (!this.#sending && this.#cancel === null) this.#sendAfter(LINGER);
  }

  #sendAfter(ms: number): void {
    this.#cancel = this.#env.after(ms, () => void this.#send());
  }

  async #send(): Promise<void> {
    this.#cancel?.();
    this.#cancel = null;
    if (this.#sending) return;
    this.#sending = true;
    const batch = this.#batch();
    const outcome = await postEvents(
      this.#url,
      batch.map((queued) => queued.json),
      this.#env,
    );
    this.#sending = false;
    this.#take(batch, outcome);
    if (this.#queue.length === 0) for (const idle of this.#idle.splice(0)) idle();
    else if (this.#cancel === null) this.#sendAfter(0);
  }

  #batch(): Queued[] {
    let chars = 0;
    const end = this.#queue.findIndex((queued, i) => {
      chars += queued.json.length;
      return i >= this.#batchEvents || (i > 0 && chars > BATCH_CHARS);
    });
    return end < 0 ? [...this.#queue] : this.#queue.slice(0, end);
  }

  #take(batch: readonly Queued[], outcome: PostOutcome): void {
    if (outcome.kind === 'answered') {
      this.#failures = 0;
      for (const { index, error } of outcome.refused) batch[index]?.reject(error);
      this.#settle(batch.length, null);
    } else if (outcome.kind === 'too-large' && batch.length > 1) {
      this.#batchEvents = Math.ceil(batch.length / 2);
    } else if (outcome.kind === 'unavailable' && ++this.#failures < ATTEMPTS) {
      this.#sendAfter(Math.max(outcome.after, backoff(this.#failures, RETRY, this.#env.random)));
    } else {
      this.#failures = 0;
      this.#settle(batch.length, outcome.error);
    }
  }

  /** The first `count` are done; a promise that was rejected before stays so. */
  #settle(count: number, error: MillraceError | null): void {
    for (const queued of this.#queue.splice(0, count)) {
      this.#chars -= queued.json.length;
      if (error === null) queued.resolve();
      else queued.reject(error);
    }
  }
}
