import { backoffDelay } from '#contracts/backoff.ts';
import { MillraceError } from '#contracts/errors.ts';
import type { Environment } from '../host/environment.ts';
import type { KeySource } from '../host/key-source.ts';
import { guard, type ReportError } from '../host/listeners.ts';
import type { EventStorage, Page } from '../host/page.ts';
import type { TrackOptions } from '../types.ts';
import { eventText } from './event-text.ts';
import { PersistedEvents } from './persisted-events.ts';
import { beaconBodies, keyHeader, type PostOutcome, postEvents, postTarget } from './send-batch.ts';
import { type Waiting, WaitingEvents } from './waiting-events.ts';

/** Stay far below the server's default limits. */
const BATCH = { events: 500, chars: 500_000 };
/** What may wait while the server is away; with storage all of it must fit there. */
const IN_MEMORY = { events: 10_000, chars: 5_000_000 };
const PERSISTED = { events: 10_000, chars: 1_000_000 };
const LINGER = 100;
const PERSIST_AFTER = 1_000;
const RETRY = { first: 500, most: 30_000 };
/** How long after the first failure the timer of the next try keeps a program alive that has nothing else to do, ms. */
const HOLD = 5_000;
/** Failures in a row after which a single event is suspected not to get through. */
const SUSPECT_AFTER = 3;

/**
 * Events on their way: sent in order, one request at a time, as long as it takes. A retry sends the same text with the
 * same ids, so the server counts it once. Bounded: when full, the oldest is dropped (`overloaded`).
 */
export class EventQueue {
  readonly #url: URL;
  readonly #keys: KeySource;
  readonly #env: Environment & Page;
  readonly #report: ReportError;
  readonly #waiting: WaitingEvents;
  readonly #persisted: PersistedEvents | null;
  readonly #stop: (() => void)[];
  /** Events of the next request, and the most that a request may have: fewer where larger ones do not get through. */
  #events = BATCH.events;
  #mostEvents = BATCH.events;
  #failures = 0;
  /** Time of the first of the failures, local epoch ms. */
  #failing = 0;
  #sending = false;
  /** The server refused the key: events wait for another one. */
  #denied = false;
  #closing: Promise<void> | null = null;
  #ended = false;
  #cancel: (() => void) | null = null;
  #cancelPersist: (() => void) | null = null;
  #idle: (() => void)[] = [];

  constructor(
    url: URL,
    storage: EventStorage | null,
    keys: KeySource,
    env: Environment & Page,
    report: ReportError,
  ) {
    this.#url = url;
    this.#keys = keys;
    this.#env = env;
    this.#report = report;
    this.#waiting = new WaitingEvents(storage === null ? IN_MEMORY : PERSISTED);
    this.#persisted = storage === null ? null : new PersistedEvents(storage, url, report);
    for (const text of this.#persisted?.recover() ?? [])
      this.#push({
        text,
        resolve: () => {},
        reject: (error) => queueMicrotask(() => report(error)),
      });
    this.#stop = [env.onHide(() => this.#hide()), env.onOnline(() => this.#online())];
  }

  get waiting(): number {
    return this.#waiting.count;
  }

  get dropped(): number {
    return this.#waiting.dropped;
  }

  /**
   * Never throws. Rejects with a `MillraceError` where the event cannot be written, is refused or dropped; `report` receives
   * that too, so the promise may be ignored.
   */
  add(event: string, properties: object | undefined, options: TrackOptions | undefined): Promise<void> {
    const outcome = new Promise<void>((resolve, reject) => {
      if (this.#closing !== null)
        throw new MillraceError({ code: 'shutting_down', message: 'The client is closed.' });
      const text = eventText(event, properties, options, this.#env);
      this.#push({ text, resolve, reject });
    });
    outcome.catch(this.#report);
    return outcome;
  }

  /** Sends what has waited since a key was refused. */
  keyChanged(): void {
    this.#denied = false;
    this.#online();
  }

  /** Sends what is waiting, for at most `ms`. What is left then is refused (`shutting_down`), but stays in storage. */
  close(ms: number): Promise<void> {
    this.#closing ??= this.#close(ms);
    return this.#closing;
  }

  async #close(ms: number): Promise<void> {
    for (const stop of this.#stop) stop();
    if (this.#waiting.count > 0 && !this.#denied) await this.#drain(ms);
    this.#ended = true;
    this.#cancel?.();
    this.#persist();
    const left = this.#persisted === null ? 'it is lost' : 'it is kept, and the next client sends it';
    const message = `The client was closed before the event was sent; ${left}.`;
    this.#waiting.complete(this.#waiting.count, new MillraceError({ code: 'shutting_down', message }));
  }

  #drain(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#env.after(ms, resolve);
      // The timer of the next try may not keep the program alive; this one does.
      this.#idle.push(() => {
        cancel();
        resolve();
      });
      this.#online();
    });
  }

  #push(event: Omit<Waiting, 'beaconed'>): void {
    this.#waiting.add(event);
    if (!this.#sending && !this.#denied && this.#cancel === null) this.#sendAfter(LINGER);
    // While the server answers, an event waits too short a time to be worth storing.
    if (this.#failures > 0 && this.#persisted !== null)
      this.#cancelPersist ??= this.#env.after(PERSIST_AFTER, () => this.#persist(), true);
  }

  #sendAfter(ms: number, idle = false): void {
    this.#cancel?.();
    this.#cancel = this.#env.after(ms, () => this.#send(), idle);
  }

  #send(): void {
    this.#cancel?.();
    this.#cancel = null;
    if (this.#sending || this.#denied || this.#waiting.count === 0) return;
    this.#sending = true;
    const batch = this.#waiting.nextBatch({ ...BATCH, events: this.#events });
    this.#post(batch.map((event) => event.text))
      .catch((error): PostOutcome => {
        this.#report(error);
        return { kind: 'unavailable', after: 0 };
      })
      .then((outcome) => this.#sent(batch, outcome))
      .catch(this.#report);
  }

  #sent(batch: readonly Waiting[], outcome: PostOutcome): void {
    this.#sending = false;
    if (this.#ended) return;
    this.#handleOutcome(batch, outcome);
    if (this.#waiting.count === 0 || this.#denied) for (const idle of this.#idle.splice(0)) idle();
    else if (this.#cancel === null) this.#sendAfter(0);
  }

  async #post(texts: readonly string[]): Promise<PostOutcome> {
    const asked = this.#keys.renew();
    if (asked !== null && !(await asked)) return { kind: 'unavailable', after: 0 };
    const key = this.#keys.current;
    const outcome = await postEvents(this.#url, texts, key, this.#env);
    if (outcome.kind !== 'denied') return outcome;
    // Where the app has another key by now, that one is tried.
    this.#denied = !(await this.#keys.hasAnother(key));
    if (!this.#denied) return { kind: 'unavailable', after: 0 };
    this.#report(outcome.error);
    return outcome;
  }

  #handleOutcome(batch: readonly Waiting[], outcome: PostOutcome): void {
    if (outcome.kind === 'denied') {
      this.#waiting.putBack();
      this.#fail();
    } else if (outcome.kind === 'unavailable') {
      this.#fail();
      this.#retry(batch, outcome.foreign === true);
      // Added to what the server said, since it said the same to others.
      const wait = outcome.after + backoffDelay(this.#failures, { ...RETRY, random: this.#env.random });
      this.#sendAfter(wait, this.#env.clock() + wait - this.#failing > HOLD);
    } else if (outcome.kind === 'too-large' && batch.length > 1) {
      this.#waiting.putBack();
      this.#mostEvents = Math.ceil(batch.length / 2);
      this.#events = this.#mostEvents;
    } else {
      this.#failures = 0;
      this.#completeBatch(batch, outcome);
      this.#waiting.restore();
      this.#events = Math.min(this.#mostEvents, this.#events * 2);
      if (this.#waiting.count === 0) this.#mostEvents = BATCH.events;
    }
    if (this.#failures > 0 || this.#persisted?.any) this.#persist();
  }

  #fail(): void {
    if (this.#failures++ === 0) this.#failing = this.#env.clock();
  }

  /** A batch may keep failing because of a single event, such as one that a firewall blocks: it must not hold up the others. */
  #retry(batch: readonly Waiting[], foreign: boolean): void {
    if (batch.length > 1 && this.#failures >= SUSPECT_AFTER) this.#events = Math.ceil(batch.length / 2);
    const alone = foreign && batch.length === 1;
    if (alone && (this.#waiting.suspects || this.#failures >= SUSPECT_AFTER)) this.#waiting.postpone();
    else this.#waiting.putBack();
  }

  #completeBatch(batch: readonly Waiting[], outcome: PostOutcome): void {
    if (outcome.kind !== 'answered') {
      const error = 'error' in outcome ? outcome.error : null;
      this.#waiting.complete(batch.length, error);
      return;
    }
    for (const { index, error } of outcome.refused) batch[index]?.reject(error);
    this.#waiting.complete(outcome.completed, null);
  }

  #persist(): void {
    this.#cancelPersist?.();
    this.#cancelPersist = null;
    this.#persisted?.persist(this.#waiting.all.map((event) => event.text));
  }

  /** Sends beacons, since the page may be gone after this. They have no answer, so the events stay in the queue. */
  #hide(): void {
    this.#persist();
    if (this.#denied) return;
    const events = this.#waiting.all.filter((event) => !event.beaconed);
    for (const event of events) event.beaconed = true;
    const target = postTarget(this.#url, this.#env);
    const headers = keyHeader(this.#keys.current);
    for (const body of beaconBodies(events.map((event) => event.text)))
      guard(this.#report, () => this.#env.beacon(target, body, headers));
  }

  #online(): void {
    this.#failures = 0;
    this.#send();
  }
}
