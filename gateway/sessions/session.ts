import { type Fault, ok, type Result } from '#contracts/errors.ts';
import { metricOf } from '#contracts/view/asked-metric.ts';
import type { AuthReply, Notice, SubscribeReply } from '#contracts/view/protocol.ts';
import { type Caller, viewRefusal } from '#platform/access/caller.ts';
import type { Owner } from '#platform/limits/budgets.ts';
import { runInTurns } from '#platform/process/tasks/turns.ts';
import { writeJson } from '#platform/process/tasks/write-json.ts';
import type { OpenView } from '../core/view/live-view.ts';
import { refusalOf } from '../sockets/refuse-request.ts';
import type { SocketLink } from '../sockets/socket-server.ts';
import { JsonText } from '../sockets/written-json.ts';
import type { OpenedView, ViewQuery, ViewService } from '../views/view-service.ts';
import { type ConnectionsPerKey, KEYLESS } from './connections-per-key.ts';
import { countRefusal } from './count-refusal.ts';
import type { FanOut } from './fan-out.ts';
import { type Asked, readMessage } from './read-message.ts';
import type { Readers } from './readers.ts';
import { acknowledge, type Subscriber } from './subscriber.ts';

export interface SessionDeps {
  viewService: ViewService;
  fanOut: FanOut;
  connectionsPerKey: ConnectionsPerKey;
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

/** Answers a message; the answer may be written already. */
type Reply = (answer: object) => void;

/** Multiple of the message limit at which the connection is closed. */
const FLOOD_FACTOR = 10;

const ownerOf = ({ id }: Caller, { id: connection, address }: SocketLink): Owner => ({
  ...(id === KEYLESS ? {} : { key: id }),
  address,
  connection,
});

const NO_TAIL: Fault = {
  code: 'forbidden_metric',
  message: 'The tail shows all events, and the key allows only some metrics.',
};

/** Handles the messages of one connection. Every message is answered or refused by a notice; none of them throws. */
export class Session {
  readonly subscriber: Subscriber;
  readonly #link: SocketLink;
  readonly #deps: SessionDeps;
  #caller: Caller;
  /** The owner that pays for the views. */
  #owner: Owner;
  /** Subscriptions that are not answered yet. */
  readonly #pending = new Set<{ metric: unknown }>();
  #gone = false;
  #second = 0;
  #messages = 0;
  /** Answers written while earlier ones were not read. */
  #unread = 0;

  constructor(subscriber: Subscriber, link: SocketLink, caller: Caller, deps: SessionDeps) {
    this.subscriber = subscriber;
    this.#caller = caller;
    this.#owner = ownerOf(caller, link);
    this.#link = link;
    this.#deps = deps;
  }

  /** The caller that is connected; `auth` may replace it. */
  get caller(): Caller {
    return this.#caller;
  }

  message(event: string, payload: unknown, reply: Reply | null): void {
    if (this.#exceedsRate(reply)) return;
    const read = readMessage(event, payload);
    if (!read.ok) {
      this.#refuse(read.fault, reply);
      return;
    }
    const message = read.value;
    if (message.event === 'subscribe') {
      if (this.#exceedsUnread(this.#deps.messages)) return;
      this.#subscribe(message.body, reply).catch((error: unknown) => this.#deps.failed(error));
    } else if (message.event === 'unsubscribe') this.#unsubscribe(message.view);
    else if (message.event === 'tail') this.#switchTail(message.on);
    else if (message.event === 'auth') this.#authenticate(message.key, reply);
    else {
      acknowledge(this.subscriber, message.to);
      if (this.subscriber.lagging) this.#deps.caughtUp();
    }
  }

  notify(notice: Notice): void {
    this.#link.notify('notice', notice);
  }

  /** Sends the client the reason, and closes the connection. */
  disconnect(fault: Fault): void {
    this.notify(refusalOf(fault));
    this.#link.close();
  }

  /** To be called when the connection has ended. */
  gone(): void {
    this.#gone = true;
    this.#deps.connectionsPerKey.closed(this.#caller);
    this.#deps.fanOut.remove(this.subscriber);
    for (const [id, view] of [...this.subscriber.views]) {
      this.#setView(id, null);
      this.#deps.viewService.release(view, this.#owner, true);
    }
    this.subscriber.tail = false;
    this.#deps.tailChanged();
  }

  /** To be called when a view has ended. */
  ended(id: string, fault: Fault): void {
    const live = this.subscriber.views.get(id);
    if (live === undefined) return;
    this.#setView(id, null);
    this.#deps.viewService.release(live, this.#owner, false);
    this.#deps.fanOut.place(this.subscriber);
    this.#link.notify('notice', { ...refusalOf(fault), view: id });
  }

  /** Replaces the view of this id by another one; its snapshot is due, whatever the client has received. */
  moved(live: OpenView): void {
    const { viewService, fanOut } = this.#deps;
    const before = this.subscriber.views.get(live.id);
    if (before === undefined || live.floor === null) return;
    viewService.retain(live, this.#owner);
    viewService.release(before, this.#owner, false);
    this.#setView(live.id, live);
    this.subscriber.cursor = Math.min(this.subscriber.cursor, live.floor - 1);
    fanOut.place(this.subscriber);
  }

  async #subscribe({ request, cursor, version }: Asked, reply: Reply | null): Promise<void> {
    const { viewService, fanOut, views } = this.#deps;
    const refuse = (fault: Fault): void => {
      const error = refusalOf(fault);
      if (reply === null) this.#link.notify('notice', error);
      else reply({ ok: false, error } satisfies SubscribeReply);
    };
    const metric = metricOf(request);
    const before = viewRefusal(this.#caller, metric) ?? countRefusal(metric, this.#asked(), views);
    if (before !== null) return refuse(before);
    const asked = { metric };
    this.#pending.add(asked);
    const held = cursor ? { cursor, ...(version === undefined ? {} : { version }) } : null;
    const owner = this.#owner;
    const opened = await this.#open({ request, held, owner, to: this.#link }).finally(() =>
      this.#pending.delete(asked),
    );
    if (!opened.ok) return refuse(opened.fault);
    const { live, info, to, answer } = opened.value;
    if (this.#gone) return viewService.release(live, owner, true);
    if (owner !== this.#owner) {
      viewService.retain(live, this.#owner);
      viewService.release(live, owner, false);
    }
    if (!viewService.isOpen(live)) {
      viewService.release(live, this.#owner, false);
      return refuse({ code: 'metric_changed', message: 'The metric changed meanwhile; ask again.' });
    }
    // The client may have changed its key meanwhile.
    const now = viewRefusal(this.#caller, metric);
    if (now !== null) {
      viewService.release(live, this.#owner, false);
      return refuse(now);
    }
    const known = this.subscriber.views.get(info.view);
    if (known !== undefined) viewService.release(known, this.#owner, false);
    // The lowest cursor, so that the next frame joins the client's other views too.
    const alone = this.subscriber.views.size === (known === undefined ? 0 : 1);
    this.subscriber.cursor = alone ? to : Math.min(this.subscriber.cursor, to);
    this.#setView(info.view, live);
    reply?.(answer);
    fanOut.place(this.subscriber);
  }

  /** What the views of the connection are of, with those that are not answered yet. */
  #asked(): unknown[] {
    const held = [...this.subscriber.views.values()].map(({ request }) => request.metric);
    return [...held, ...[...this.#pending].map(({ metric }) => metric)];
  }

  /** Opens a view, and writes the answer: that takes turns, in which the connection may end and the view change. */
  async #open(query: ViewQuery): Promise<Result<OpenedView & { answer: JsonText }>> {
    const opened = await this.#deps.viewService.open(query);
    if (!opened.ok) return opened;
    const { info, epoch, to, change } = opened.value;
    const frame = { epoch, from: Math.min(query.held?.cursor.offset ?? to, to), to, views: [change] };
    const text = await runInTurns(writeJson({ ok: true, info, frame } satisfies SubscribeReply));
    return ok({ ...opened.value, answer: new JsonText(text) });
  }

  /** Changes the key of the connection; where the new one is refused, the old one stays. */
  #authenticate(key: string, reply: Reply | null): void {
    const { connectionsPerKey } = this.#deps;
    const authenticated = connectionsPerKey.authenticate(key, this.#link.origin, this.#caller);
    if (!authenticated.ok) {
      this.#refuse(authenticated.fault, reply);
      return;
    }
    connectionsPerKey.closed(this.#caller);
    this.#caller = authenticated.value;
    connectionsPerKey.opened(this.#caller);
    this.#changeOwner(ownerOf(this.#caller, this.#link));
    reply?.({ ok: true, expires: this.#caller.expires } satisfies AuthReply);
    for (const [id, { request }] of this.subscriber.views) {
      const fault = viewRefusal(this.#caller, request.metric);
      if (fault !== null) this.ended(id, fault);
    }
    if (this.subscriber.tail) this.#switchTail(true);
  }

  /** A key for some metrics may not see the tail: it shows events of every metric, and of none. */
  #switchTail(on: boolean): void {
    const allowed = this.#caller.metrics === null;
    this.subscriber.tail = on && allowed;
    this.#deps.tailChanged();
    if (on && !allowed) this.#refuse(NO_TAIL, null);
  }

  #unsubscribe(id: string): void {
    const live = this.subscriber.views.get(id);
    if (live === undefined) return;
    this.#setView(id, null);
    this.#deps.viewService.release(live, this.#owner, false);
    this.#deps.fanOut.place(this.subscriber);
  }

  /** Sets the view that the client has under an id; null removes it. */
  #setView(id: string, live: OpenView | null): void {
    const before = this.subscriber.views.get(id);
    if (before !== undefined) this.#deps.readers.remove(before, this);
    if (live === null) this.subscriber.views.delete(id);
    else {
      this.subscriber.views.set(id, live);
      this.#deps.readers.add(live, this);
    }
  }

  /** Moves the views to another account. */
  #changeOwner(owner: Owner): void {
    for (const live of this.subscriber.views.values()) {
      this.#deps.viewService.retain(live, owner);
      this.#deps.viewService.release(live, this.#owner, true);
    }
    this.#owner = owner;
  }

  /** Counts messages within whole seconds; of those above the limit only the first is answered. */
  #exceedsRate(reply: Reply | null): boolean {
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
    if (this.#messages > messages * FLOOD_FACTOR) this.#link.close();
    return true;
  }

  /** Closes the connection of a client that sends requests and does not read: its answers would fill memory. */
  #exceedsUnread(most: number): boolean {
    this.#unread = this.#link.writable() ? 0 : this.#unread + 1;
    if (this.#unread <= most) return false;
    this.#link.close();
    return true;
  }

  #refuse(fault: Fault, reply: Reply | null): void {
    // Refusals are short, so the bound on unread ones is the number of messages at which a flood is closed.
    if (this.#exceedsUnread(FLOOD_FACTOR * this.#deps.messages)) return;
    if (reply !== null) reply({ ok: false, error: refusalOf(fault) });
    else this.#link.notify('notice', refusalOf(fault));
  }
}
