import type { Fault } from '#contracts/errors.ts';
import type { AuthReply, Notice, Subscribe, SubscribeReply } from '#contracts/view/protocol.ts';
import { type Caller, mayRead, metricRefusal } from '#platform/access/caller.ts';
import type { Owner } from '#platform/limits/budgets.ts';
import type { LiveView } from '../core/view/live-view.ts';
import { acknowledge, type Peer } from '../sockets/peer.ts';
import { refusalOf } from '../sockets/refusal-of.ts';
import type { SocketLink } from '../sockets/socket-server.ts';
import type { ViewDesk } from '../views/view-service.ts';
import { KEYLESS, type KeyHolders } from './connections-per-key.ts';
import type { FanOut } from './fan-out.ts';
import { readMessage } from './read-message.ts';
import type { Readers } from './readers.ts';

export interface SessionDeps {
  desk: ViewDesk;
  fanOut: FanOut;
  holders: KeyHolders;
  readers: Readers<Session>;
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

const ownerOf = ({ id }: Caller, { id: connection, address }: SocketLink): Owner => ({
  ...(id === KEYLESS ? {} : { key: id }),
  address,
  connection,
});

const NO_TAIL: Fault = {
  code: 'forbidden_metric',
  message: 'The tail shows all events, and the key allows only some metrics.',
};

/** One connection: answers its messages. Whatever comes, it is answered or told by a notice; nothing of it throws. */
export class Session {
  readonly peer: Peer;
  readonly #link: SocketLink;
  readonly #deps: SessionDeps;
  #caller: Caller;
  /** On whose account its views are. */
  #owner: Owner;
  #asking = 0;
  #gone = false;
  #second = 0;
  #messages = 0;
  /** Answers given while earlier ones had not gone out. */
  #unread = 0;

  constructor(peer: Peer, link: SocketLink, caller: Caller, deps: SessionDeps) {
    this.peer = peer;
    this.#caller = caller;
    this.#owner = ownerOf(caller, link);
    this.#link = link;
    this.#deps = deps;
  }

  /** Who is connected; another one after an `auth`. */
  get caller(): Caller {
    return this.#caller;
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
    else if (message.event === 'tail') this.#switchTail(message.on);
    else if (message.event === 'auth') this.#authenticate(message.key, reply);
    else {
      acknowledge(this.peer, message.to);
      if (this.peer.lagging) this.#deps.caughtUp();
    }
  }

  notify(notice: Notice): void {
    this.#link.notify('notice', notice);
  }

  /** Its key counts no longer: it is told, and the connection ends. */
  disconnect(fault: Fault): void {
    this.notify(refusalOf(fault));
    this.#link.close();
  }

  gone(): void {
    this.#gone = true;
    this.#deps.holders.left(this.#caller);
    this.#deps.fanOut.remove(this.peer);
    for (const [id, view] of [...this.peer.views]) {
      this.#show(id, null);
      this.#deps.desk.release(view, this.#owner, true);
    }
    this.peer.tail = false;
    this.#deps.tailChanged();
  }

  /** The view has ended by itself. */
  ended(id: string, fault: Fault): void {
    const live = this.peer.views.get(id);
    if (live === undefined) return;
    this.#show(id, null);
    this.#deps.desk.release(live, this.#owner, false);
    this.#deps.fanOut.place(this.peer);
    this.#link.notify('notice', { ...refusalOf(fault), view: id });
  }

  /** The view of this id is another one now: its snapshot is due, whatever the client has received. */
  moved(live: LiveView): void {
    const { desk, fanOut } = this.#deps;
    const before = this.peer.views.get(live.id);
    if (before === undefined || live.floor === null) return;
    desk.retain(live, this.#owner);
    desk.release(before, this.#owner, false);
    this.#show(live.id, live);
    this.peer.cursor = Math.min(this.peer.cursor, live.floor - 1);
    fanOut.place(this.peer);
  }

  async #subscribe(body: Subscribe, reply: (answer: object) => void): Promise<void> {
    const { desk, fanOut, views } = this.#deps;
    const refuse = (fault: Fault) => reply({ ok: false, error: refusalOf(fault) } satisfies SubscribeReply);
    const { metric } = body.request;
    if (!mayRead(this.#caller, metric)) return refuse(metricRefusal(metric));
    if (this.peer.views.size + this.#asking >= views) {
      return refuse({ code: 'too_many_views', message: `A connection may have ${views} views.` });
    }
    this.#asking++;
    const { request, cursor, version } = body;
    const held = cursor ? { cursor, ...(version === undefined ? {} : { version }) } : null;
    const owner = this.#owner;
    const opened = await desk.open({ request, held, owner, to: this.#link }).finally(() => this.#asking--);
    if (!opened.ok) return refuse(opened.fault);
    const { live, info, epoch, to, change } = opened.value;
    if (this.#gone) return desk.release(live, owner, true);
    if (owner !== this.#owner) {
      desk.retain(live, this.#owner);
      desk.release(live, owner, false);
    }
    if (!desk.isOpen(live)) {
      desk.release(live, this.#owner, false);
      return refuse({ code: 'metric_changed', message: 'The metric changed meanwhile; ask again.' });
    }
    // It may go on with another key since.
    if (!mayRead(this.#caller, metric)) {
      desk.release(live, this.#owner, false);
      return refuse(metricRefusal(metric));
    }
    const known = this.peer.views.get(info.view);
    if (known !== undefined) desk.release(known, this.#owner, false);
    // Its other views stay where they are: a frame that begins at the lowest cursor joins all of them.
    const alone = this.peer.views.size === (known === undefined ? 0 : 1);
    this.peer.cursor = alone ? to : Math.min(this.peer.cursor, to);
    this.#show(info.view, live);
    reply({
      ok: true,
      info,
      frame: { epoch, from: Math.min(cursor?.offset ?? to, to), to, views: [change] },
    });
    fanOut.place(this.peer);
  }

  /** Goes on with another key, or with the old one where that is refused. */
  #authenticate(key: string, reply: ((answer: object) => void) | null): void {
    const { holders } = this.#deps;
    const admitted = holders.admit(key, this.#link.origin, this.#caller);
    if (!admitted.ok) {
      this.#refuse(admitted.fault, reply);
      return;
    }
    holders.left(this.#caller);
    this.#caller = admitted.value;
    holders.entered(this.#caller);
    this.#pay(ownerOf(this.#caller, this.#link));
    reply?.({ ok: true, expires: this.#caller.expires } satisfies AuthReply);
    for (const [id, { request }] of this.peer.views) {
      if (!mayRead(this.#caller, request.metric)) this.ended(id, metricRefusal(request.metric));
    }
    if (this.peer.tail) this.#switchTail(true);
  }

  /** The tail shows events of every metric, and of none. */
  #switchTail(on: boolean): void {
    const allowed = this.#caller.metrics === null;
    this.peer.tail = on && allowed;
    this.#deps.tailChanged();
    if (on && !allowed) this.#refuse(NO_TAIL, null);
  }

  #unsubscribe(id: string): void {
    const live = this.peer.views.get(id);
    if (live === undefined) return;
    this.#show(id, null);
    this.#deps.desk.release(live, this.#owner, false);
    this.#deps.fanOut.place(this.peer);
  }

  /** What it has under an id from now on; null for nothing. */
  #show(id: string, live: LiveView | null): void {
    const before = this.peer.views.get(id);
    if (before !== undefined) this.#deps.readers.remove(before, this);
    if (live === null) this.peer.views.delete(id);
    else {
      this.peer.views.set(id, live);
      this.#deps.readers.add(live, this);
    }
  }

  /** Its views are on another account from now on. */
  #pay(owner: Owner): void {
    for (const live of this.peer.views.values()) {
      this.#deps.desk.retain(live, owner);
      this.#deps.desk.release(live, this.#owner, true);
    }
    this.#owner = owner;
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
