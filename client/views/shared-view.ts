import { backoffDelay } from '#contracts/backoff.ts';
import { maxKnown } from '#contracts/min-known.ts';
import { lackOf } from '#contracts/view/backfill-progress.ts';
import {
  apply,
  emptyContents,
  type Frame,
  type FrameView,
  type ViewContents,
} from '#contracts/view/frame.ts';
import type { SubscribeRequest } from '#contracts/view/preview-request.ts';
import type { Refusal, SubscribeReply } from '#contracts/view/protocol.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import type { Environment } from '../host/environment.ts';
import { guard, type ReportError } from '../host/listeners.ts';
import { readReply } from '../live/read-messages.ts';
import type { Wire } from '../live/socket.ts';
import type { Heartbeat, ViewListener } from '../types.ts';

const ASK_AGAIN = { first: 1_000, most: 30_000 };
/** An answer may wait for the Store, or 5 s for a gateway that is behind; after this the request is sent again, ms. */
const ANSWER_WITHIN = 20_000;

export interface ViewDeps {
  env: Environment;
  report: ReportError;
  /** A frame was received and applied. */
  received(frame: Frame): void;
}

/** One view: its contents, its subscribers, and the one request about it that may be under way. */
export class SharedView {
  readonly listeners = new Set<ViewListener>();
  readonly #request: SubscribeRequest;
  readonly #deps: ViewDeps;
  readonly #contents: ViewContents = emptyContents();
  #info: ViewInfo | null = null;
  #refused: Refusal | null = null;
  #wire: Wire | null = null;
  #failures = 0;
  /** Counts questions, so that a late answer to an earlier one is recognised. */
  #question = 0;
  #asking = false;
  #cancel = () => {};

  constructor(request: SubscribeRequest, deps: ViewDeps) {
    this.#request = request;
    this.#deps = deps;
  }

  /** The view's name on the wire; null until the gateway has named it. */
  get id(): string | null {
    return this.#info?.view ?? null;
  }

  /** Subscribes on this wire, resuming where the contents are. */
  resume(wire: Wire): void {
    this.#wire = wire;
    this.#ask();
  }

  /** The wire is gone: late answers on it are ignored. */
  pause(): void {
    this.#wire = null;
    this.#question++;
    this.#asking = false;
    this.#cancel();
  }

  /**
   * Adds a subscriber, which receives what is known right after this call, before any later change. A view that was refused
   * is requested again, whatever it showed before.
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
    // numbers: those of an answer that came too late to be applied.
    if (this.#asking) return;
    const outcome = this.#apply(frame, change);
    if (outcome === 'applied') {
      if (change.info !== undefined) this.#learn(change.info);
      this.#changed(change.snapshot ? null : change);
    } else if (outcome === 'behind') this.#ask();
  }

  /**
   * A view that holds everything up to the heartbeat's offset is as fresh as the heartbeat says; one that lags behind it is
   * not. Neither value goes back.
   */
  heartbeat({ asOf, watermark, filled }: Heartbeat['views'][number], offset: number): void {
    const contents = this.#contents;
    if (contents.cursor === null || contents.cursor.offset < offset || this.#asking) return;
    contents.asOf = maxKnown(contents.asOf, asOf);
    contents.watermark = maxKnown(contents.watermark, watermark);
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
    const wait = backoffDelay(++this.#failures, { ...ASK_AGAIN, random: this.#deps.env.random });
    this.#cancel = this.#deps.env.after(wait, () => this.#ask());
  }

  #answered(raw: unknown, resumed: boolean): void {
    this.#cancel();
    this.#asking = false;
    const reply = readReply(raw);
    if (reply?.ok === false) this.#refuse(reply.error);
    else if (reply !== null && this.#applyReply(reply)) this.#changed(null);
    else if (reply !== null && resumed) this.#ask(true);
    else {
      this.#deps.report(
        new Error(`The answer to ${JSON.stringify(this.#request)} does not follow the protocol.`),
      );
      this.#askLater();
    }
  }

  /** Where a frame cannot be applied, such as to contents that a listener has changed, the view begins again with a snapshot. */
  #apply(frame: Frame, change: FrameView): ReturnType<typeof apply> {
    try {
      return apply(this.#contents, frame, change);
    } catch (error) {
      this.#deps.report(error);
      Object.assign(this.#contents, emptyContents());
      return 'behind';
    }
  }

  /** Returns false where the answer does not continue what is held; one to a request without a cursor always does. */
  #applyReply({ info, frame }: SubscribeReply & { ok: true }): boolean {
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
