import { MillraceError } from '#contracts/errors.ts';
import type { Frame } from '#contracts/view/frame.ts';
import type { AuthReply, Notice, Refusal, Tail } from '#contracts/view/protocol.ts';
import type { Environment } from './host/environment.ts';
import type { KeySource } from './host/key-source.ts';
import { createListeners, type ReportError } from './host/listeners.ts';
import { Connection } from './live/connection.ts';
import { type Credit, createCredit } from './live/credit.ts';
import type { OpenWire } from './live/dial.ts';
import { askWhyRefused } from './live/handshake-refusal.ts';
import { readAuthReply, readFrame, readHeartbeat, readNotice, readTail } from './live/read-messages.ts';
import { createServerClock, measureRoundTrips } from './live/server-clock.ts';
import { openWire, type Transport, type Wire } from './live/socket.ts';
import { createTailSubscription } from './live/tail-subscription.ts';
import type { ConnectionStatus, Heartbeat } from './types.ts';
import { createViewRegistry, type ViewRegistry } from './views/view-registry.ts';

/** With these the server ends the connection for good: the same key would be refused again. */
const ENDS: ReadonlySet<string> = new Set(['revoked_key', 'expired_key']);

/** Everything that needs the connection: passes messages to their parts, and repeats the client's state on each new wire. */
export class Live {
  readonly connection: Connection;
  readonly views: ViewRegistry;
  readonly tail;
  readonly links;
  readonly heartbeats;
  readonly clock = createServerClock();
  readonly #url: URL;
  readonly #keys: KeySource;
  readonly #env: Environment;
  readonly #report: ReportError;
  readonly #credit: Credit;
  #wire: Wire | null = null;
  #stopMeasuring = () => {};

  constructor(
    url: URL,
    transports: readonly Transport[],
    keys: KeySource,
    env: Environment,
    report: ReportError,
  ) {
    this.#url = url;
    this.#keys = keys;
    this.#env = env;
    this.#report = report;
    this.#credit = createCredit(env);
    this.links = createListeners<ConnectionStatus>(report);
    this.heartbeats = createListeners<Heartbeat>(report);
    this.tail = createTailSubscription(report);
    this.views = createViewRegistry({ env, report, received: (frame) => this.#credit.received(frame) });
    const limit = { bytes: Number.POSITIVE_INFINITY };
    const ask = () => askWhyRefused(url, env);
    const open: OpenWire = (transport, handlers) => {
      const askWhy = transport === 'polling' || !transports.includes('polling') ? ask : null;
      return openWire(url, { limit, key: keys.current, report, askWhy }, transport, handlers);
    };
    this.connection = new Connection(transports, open, keys, env, {
      live: (wire) => this.#live(wire),
      lost: () => this.#lost(),
      refused: (refusal) => this.#refused(refusal),
      message: (name, body) => this.#read[name](body),
      link: (link) => this.links.tell(link),
      report,
    });
  }

  async keyChanged(): Promise<void> {
    this.connection.keyChanged();
    if ((await this.#keys.renew()) === false) return;
    const key = this.#keys.current;
    if (this.#wire === null) return;
    if (key === undefined) this.connection.reconnectIn(0);
    else
      this.#wire.auth(key, (raw) =>
        this.#reading(readAuthReply(raw), (reply) => this.#keyAccepted(key, reply)),
      );
  }

  close(): void {
    this.#lost();
    this.connection.close();
  }

  #live(wire: Wire): void {
    this.#wire = wire;
    this.clock.reset();
    this.#credit.reset((to) => wire.ack(to));
    this.#stopMeasuring();
    this.#stopMeasuring = measureRoundTrips(this.#url, this.#env, (roundTrip) => {
      this.clock.measured(roundTrip);
      this.connection.measured(roundTrip);
    });
    this.tail.resume(wire);
    this.views.resume(wire);
  }

  #lost(): void {
    this.#wire = null;
    this.#stopMeasuring();
    this.#credit.reset(null);
    this.tail.pause();
    this.views.pause();
  }

  /** Another key may allow what an earlier one did not. */
  #keyAccepted(key: string, reply: AuthReply): void {
    if (reply.ok) {
      this.connection.keyAccepted(key);
      if (this.#wire !== null) this.tail.resume(this.#wire);
      this.views.askAgain();
    } else this.#report(new MillraceError(reply.error));
  }

  #refused(refusal: Refusal): void {
    if (!this.views.refused(refusal)) this.#report(new MillraceError(refusal));
  }

  readonly #read = {
    frame: (raw: unknown) => this.#reading(readFrame(raw), (frame) => this.#frame(frame)),
    beat: (raw: unknown) => this.#reading(readHeartbeat(raw), (heartbeat) => this.#heartbeat(heartbeat)),
    notice: (raw: unknown) => this.#reading(readNotice(raw), (notice) => this.#notice(notice)),
    tail: (raw: unknown) => this.#reading(readTail(raw), (tail: Tail) => this.tail.tell(tail)),
  };

  #reading<T>(message: T | null, use: (message: T) => void): void {
    if (message !== null) use(message);
    else this.#report(new Error('A message from the gateway has the wrong shape and was ignored.'));
  }

  #frame(frame: Frame): void {
    this.views.frame(frame);
    this.#credit.received(frame);
  }

  #heartbeat(heartbeat: Heartbeat): void {
    this.clock.heartbeat(heartbeat.time, this.#env.clock());
    this.views.heartbeat(heartbeat);
    this.heartbeats.tell(heartbeat);
  }

  #notice(notice: Notice): void {
    if (notice.view !== undefined) this.views.ended(notice);
    else if (ENDS.has(notice.code)) this.connection.end(notice);
    else if (notice.after !== undefined) this.connection.reconnectIn(notice.after);
    else if (notice.code === 'forbidden_metric') this.tail.refused(notice);
    else this.#report(new Error(`The gateway says ${notice.code}: ${notice.message}`));
  }
}
