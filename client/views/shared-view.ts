import { lackOf } from '#contracts/view/backfill-progress.ts';
import {
  apply,
  emptyContents,
  type Frame,
  type FrameView,
  type ViewContents,
} from '#contracts/view/frame.ts';
import type { Beat, Refusal, SubscribeReply } from '#contracts/view/protocol.ts';
import type { ViewInfo, ViewRequest } from '#contracts/view/view.ts';
import { backoff } from '../host/backoff.ts';
import type { Environment } from '../host/environment.ts';
import { guard, type ReportError } from '../host/listeners.ts';
import { readReply } from '../live/read-frame.ts';
import type { Wire } from '../live/socket.ts';
import type { ViewListener } from '../types.ts';

const ASK_AGAIN = { base: 1_000, cap: 30_000 };
/** An answer may wait for the Store, or 5 s for a gateway that is behind; beyond this the question is lost, ms. */
const ANSWER_WITHIN = 20_000;

export interface ViewDeps {
  env: Environment;
  report: ReportError;
  /** A frame was received and applied. */
  received(frame: Frame): void;
}

/** One view: its contents, its subscribers, and the one question about it that may be under way. */
export class SharedView {
  readonly listeners = new Set<ViewListener>();
  readonly #request: ViewRequest;
  readonly #deps: ViewDeps;
  readonly #contents: ViewContents = emptyContents();
  #info: ViewInfo | null = null;
  #refused: Refusal | null = null;
  #wire: Wire | null = null;
  #failures = 0;
  /** Counts questions, so that the answer to an earlier one is told from the one awaited. */
  #question = 0;
  #asking = false;
  #cancel = () => {};

  constructor(request: ViewRequest, deps: ViewDeps) {
    this.#request = request;
    this.#deps = deps;
  }

  /** The view's name on the wire; null until the gateway told it. */
  get id(): string | null {
    return this.#info?.view ?? null;
  }

  /** Asks on this wire, resuming where the contents are. */
  resume(wire: Wire): void {
    this.#wire = wire;
    this.#ask();
  }

  /** The wire is gone: answers on it count no more. */
  pause(): void {
    this.#wire = null;
    this.#question++;
    this.#asking = false;
    this.#cancel();
  }

  /**
   * Adds a subscriber; what is known already it is told right after this call, before any later change. Of a view that was
   * refused nothing is known, whatever it showed before: it is asked for again.
   */
  add(listener: ViewListener): void {
    this.listeners.add(listener);
    const info = this.#info;
    if (info === null || this.#refused !== null) {
      this.askAgain();
      return;
    }
    queueMicrotask(() => {
      if (!this.listeners.has(listener)) return;
      guard(this.#deps.report, () => listener.onInfo?.(info));
      if (this.#contents.cursor !== null)
        guard(this.#deps.report, () => listener.onChange(this.#contents, null));
    });
  }

  receive(frame: Frame, change: FrameView): void {
    // The answer to an open question covers this frame. Before it, the frame may speak of series by another gateway's
    // numbers: those of an answer that came too late to be taken.
    if (this.#asking) return;
    const outcome = this.#apply(frame, change);
    if (outcome === 'applied') {
      if (change.info !== undefined) this.#learn(change.info);
      this.#changed(change.snapshot ? null : change);
    } else if (outcome === 'behind') this.#ask();
  }

  /**
   * A view that holds everything up to the beat's offset is as fresh as the beat says; one that lags behind it is
   * not. Neither value goes back.
   */
  beat({ asOf, watermark, filled }: Beat['views'][number], offset: number): void {
    const contents = this.#contents;
    if (contents.cursor === null || contents.cursor.offset < offset || this.#asking) return;
    contents.asOf = later(contents.asOf, asOf);
    contents.watermark = later(contents.watermark, watermark);
    contents.filled = lackOf(filled);
  }

  /** The gateway has ended the view: with `retry` it can be asked for again, and resumes. */
  ended(refusal: Refusal): void {
    this.#question++;
    this.#cancel();
    this.#refuse(refusal);
  }

  /** Asks once more where the last answer was a refusal. */
  askAgain(): void {
    if (this.#refused !== null && !this.#asking) this.#ask();
  }

  #ask(fresh = false): void {
    if (this.#wire === null) return;
    this.#cancel();
    this.#asking = true;
    const mine = ++this.#question;
    const { cursor, version, end } = this.#contents;
    const from = cursor === null || fresh ? {} : { cursor: { ...cursor, end }, version };
    this.#cancel = this.#deps.env.after(ANSWER_WITHIN, () => this.#ask());
    this.#wire.subscribe({ request: this.#request, ...from }, (raw) => {
      if (mine === this.#question) this.#answered(raw, 'cursor' in from);
    });
  }

  #askLater(): void {
    this.#asking = true;
    this.#cancel();
    const wait = backoff(++this.#failures, ASK_AGAIN, this.#deps.env.random);
    this.#cancel = this.#deps.env.after(wait, () => this.#ask());
  }

  #answered(raw: unknown, resumed: boolean): void {
    this.#cancel();
    this.#asking = false;
    const reply = readReply(raw);
    if (reply?.ok === false) this.#refuse(reply.error);
    else if (reply !== null && this.#take(reply)) this.#changed(null);
    else if (reply !== null && resumed) this.#ask(true);
    else {
      this.#deps.report(
        new Error(`The answer to the subscription of ${this.#request.metric} does not follow the protocol.`),
      );
      this.#askLater();
    }
  }

  /** What cannot be applied, such as to contents that a listener has changed, leaves nothing to build on: a snapshot follows. */
  #apply(frame: Frame, change: FrameView): ReturnType<typeof apply> {
    try {
      return apply(this.#contents, frame, change);
    } catch (error) {
      this.#deps.report(error);
      Object.assign(this.#contents, emptyContents());
      return 'behind';
    }
  }

  /** False where the answer does not join what is held; an answer without a cursor in the question must. */
  #take({ info, frame }: SubscribeReply & { ok: true }): boolean {
    const change = frame.views.find((view) => view.view === info.view);
    if (change === undefined || this.#apply(frame, change) === 'behind') return false;
    this.#failures = 0;
    this.#refused = null;
    this.#learn(info);
    this.#deps.received(frame);
    return true;
  }

  #refuse(error: Refusal): void {
    this.#refused = error;
    this.#asking = false;
    if (error.retry) this.#askLater();
    this.#tell((listener) => listener.onRefused?.(error));
  }

  #learn(info: ViewInfo): void {
    const same = JSON.stringify(this.#info) === JSON.stringify(info);
    this.#info = info;
    if (!same) this.#tell((listener) => listener.onInfo?.(info));
  }

  #changed(change: FrameView | null): void {
    this.#tell((listener) => listener.onChange(this.#contents, change));
  }

  #tell(call: (listener: ViewListener) => void): void {
    for (const listener of [...this.listeners]) {
      if (this.listeners.has(listener)) guard(this.#deps.report, () => call(listener));
    }
  }
}

const later = (known: number | null, told: number | null): number | null =>
  known === null || (told !== null && told > known) ? told : known;
