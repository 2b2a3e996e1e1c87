import { ERRORS, type Fault } from '#contracts/errors.ts';
import type { Notice, Refusal, Subscribe, SubscribeReply } from '#contracts/protocol.ts';
import type { LiveView } from './core/live-view.ts';
import type { FanOut } from './fan-out.ts';
import { acknowledge, type Peer } from './peer.ts';
import { readMessage } from './read-message.ts';
import type { SocketLink } from './socket-server.ts';
import type { ViewDesk } from './view-desk.ts';

export interface SessionDeps {
  desk: ViewDesk;
  fanOut: FanOut;
  /** Views, and messages a second, of one connection. */
  views: number;
  messages: number;
  clock: () => number;
  tailChanged: () => void;
  /** A client may have caught up. */
  caughtUp: () => void;
  failed: (error: unknown) => void;
}

/** Times the limit of messages at which the connection ends. */
const FLOOD = 10;

export const refusalOf = (fault: Fault): Refusal => ({ ...fault, retry: ERRORS[fault.code].retry });

/** One connection: answers its messages. Whatever comes, it is answered or told by a notice; nothing of it throws. */
export class Session {
  readonly peer: Peer;
  readonly #link: SocketLink;
  readonly #deps: SessionDeps;
  #asking = 0;
  #gone = false;
  #second = 0;
  #messages = 0;
  /** Answers given while earlier ones had not gone out. */
  #unread = 0;

  constructor(peer: Peer, link: SocketLink, deps: SessionDeps) {
    this.peer = peer;
    this.#link = link;
    this.#deps = deps;
  }

  message(event: string, payload: unknown, reply: ((answer: object) => void) | null): void {
    if (this.#tooMany(reply)) return;
    const read = readMessage(event, payload);
    if (!read.ok) {
      this.#refuse(read.fault, reply);
      return;
    }
    const message = read.value;
    if (message.event === 'subscribe') {
      if (this.#drowned(this.#deps.messages)) return;
      const answer = reply ?? ((refused: object) => this.#noticeOf(refused as SubscribeReply));
      this.#subscribe(message.body, answer).catch((error: unknown) => this.#deps.failed(error));
    } else if (message.event === 'unsubscribe') this.#unsubscribe(message.view);
    else if (message.event === 'tail') {
      this.peer.tail = message.on;
      this.#deps.tailChanged();
    } else {
      acknowledge(this.peer, message.to);
      if (this.peer.lagging) this.#deps.caughtUp();
    }
  }

  notify(notice: Notice): void {
    this.#link.notify('notice', notice);
  }

  gone(): void {
    this.#gone = true;
    this.#deps.fanOut.remove(this.peer);
    for (const view of this.peer.views.values()) this.#deps.desk.release(view, true);
    this.peer.views.clear();
    this.peer.tail = false;
    this.#deps.tailChanged();
  }

  /** The view has ended by itself. */
  ended(id: string, fault: Fault): void {
    const live = this.peer.views.get(id);
    if (live === undefined) return;
    this.peer.views.delete(id);
    this.#deps.desk.release(live, false);
    this.#deps.fanOut.place(this.peer);
    this.#link.notify('notice', { ...refusalOf(fault), view: id });
  }

  /** The view of this id is another one now: its snapshot is due, whatever the client has received. */
  moved(live: LiveView): void {
    const { desk, fanOut } = this.#deps;
    const before = this.peer.views.get(live.id);
    if (before === undefined || live.floor === null) return;
    desk.retain(live);
    desk.release(before, false);
    this.peer.views.set(live.id, live);
    this.peer.cursor = Math.min(this.peer.cursor, live.floor - 1);
    fanOut.place(this.peer);
  }

  async #subscribe(body: Subscribe, reply: (answer: object) => void): Promise<void> {
    const { desk, fanOut, views } = this.#deps;
    const refuse = (fault: Fault) => reply({ ok: false, error: refusalOf(fault) } satisfies SubscribeReply);
    if (this.peer.views.size + this.#asking >= views) {
      return refuse({ code: 'too_many_views', message: `A connection may have ${views} views.` });
    }
    this.#asking++;
    const { request, cursor, version } = body;
    const held = cursor ? { cursor, ...(version === undefined ? {} : { version }) } : null;
    const opened = await desk.open(request, held).finally(() => this.#asking--);
    if (!opened.ok) return refuse(opened.fault);
    const { live, info, epoch, to, change } = opened.value;
    if (this.#gone) return desk.release(live, true);
    if (!desk.isOpen(live)) {
      desk.release(live, false);
      return refuse({ code: 'metric_changed', message: 'The metric changed meanwhile; ask again.' });
    }
    const known = this.peer.views.get(info.view);
    if (known !== undefined) desk.release(known, false);
    // Its other views stay where they are: a frame that begins at the lowest cursor joins all of them.
    const alone = this.peer.views.size === (known === undefined ? 0 : 1);
    this.peer.cursor = alone ? to : Math.min(this.peer.cursor, to);
    this.peer.views.set(info.view, live);
    reply({
      ok: true,
      info,
      frame: { epoch, from: Math.min(cursor?.offset ?? to, to), to, views: [change] },
    });
    fanOut.place(this.peer);
  }

  #unsubscribe(id: string): void {
    const live = this.peer.views.get(id);
    if (live === undefined) return;
    this.peer.views.delete(id);
    this.#deps.desk.release(live, false);
    this.#deps.fanOut.place(this.peer);
  }

  /** Counts within whole seconds; of those above the limit only the first is answered. */
  #tooMany(reply: ((answer: object) => void) | null): boolean {
    const second = Math.floor(this.#deps.clock() / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#messages = 0;
    }
    this.#messages++;
    const { messages } = this.#deps;
    if (this.#messages <= messages) return false;
    const fault: Fault = {
      code: 'too_many_messages',
      message: `A connection may send ${messages} messages a second.`,
    };
    if (reply !== null || this.#messages === messages + 1) this.#refuse(fault, reply);
    if (this.#messages > messages * FLOOD) this.#link.close();
    return true;
  }

  /** Closes a client that asks and asks and does not read: its answers would be kept without end. */
  #drowned(most: number): boolean {
    this.#unread = this.#link.writable() ? 0 : this.#unread + 1;
    if (this.#unread <= most) return false;
    this.#link.close();
    return true;
  }

  #refuse(fault: Fault, reply: ((answer: object) => void) | null): void {
    // A refusal is short; who floods is closed at as many.
    if (this.#drowned(FLOOD * this.#deps.messages)) return;
    if (reply !== null) reply({ ok: false, error: refusalOf(fault) });
    else this.#link.notify('notice', refusalOf(fault));
  }

  /** A subscription that asked for no acknowledgement cannot be answered; a refusal it still hears. */
  #noticeOf(answer: SubscribeReply): void {
    if (!answer.ok) this.#link.notify('notice', answer.error);
  }
}
