import { backoffDelay, longestBackoff } from '#contracts/backoff.ts';
import type { Refusal } from '#contracts/view/protocol.ts';
import type { Environment } from '../host/environment.ts';
import type { KeySource } from '../host/key-source.ts';
import type { ReportError } from '../host/listeners.ts';
import type { ConnectionStatus } from '../types.ts';
import { dial, type OpenWire } from './dial.ts';
import type { Transport, Wire, WireHandlers } from './socket.ts';
import { startWatchdog, type Watchdog } from './watchdog.ts';

/** Most servers are back within a minute: for that long the waits stay short. */
const RECONNECT = { first: 500, most: 2_500 };
const LONG_OUTAGE = { after: 60_000, most: 15_000 };
/** How long polling lasts before WebSocket is tried again, ms; doubles with each failure up to the cap. */
const UPGRADE = { first: 30_000, most: 600_000 };

export interface ConnectionHandlers {
  /** A wire is open, the first or another: everything the server should know must be said again. */
  live(wire: Wire): void;
  lost(): void;
  /** The server refuses this key: nothing is tried until `keyChanged`. */
  refused(refusal: Refusal): void;
  message: WireHandlers['message'];
  link(link: ConnectionStatus): void;
  /** Receives errors that have no other listener. */
  report: ReportError;
}

/** Keeps one wire open. First connect and reconnect are the same loop: try all transports, wait with full jitter, again. */
export class Connection {
  readonly #transports: readonly Transport[];
  readonly #open: OpenWire;
  readonly #keys: KeySource;
  readonly #env: Environment;
  readonly #handlers: ConnectionHandlers;
  #link: ConnectionStatus = {
    state: 'connecting',
    transport: null,
    roundTrip: null,
    attempt: 0,
    nextTryAt: null,
    lastMessageAt: null,
    refusal: null,
  };
  #wire: Wire | null = null;
  /** The key that was last sent to the server. */
  #sentKey: string | undefined;
  #watchdog: Watchdog | null = null;
  #started = false;
  #wasLive = false;
  #failures = 0;
  /** Time of the first of the failures, local epoch ms. */
  #failingSince = 0;
  #upgrades = 0;
  /** The earliest time of the next attempt, local epoch ms, and how long that was ahead when it was set. */
  #notBefore = { at: 0, within: 0 };
  /** What worked last goes first: a network that swallows WebSocket costs its wait once. */
  #preferred: Transport | undefined;
  /** Each ends what it names, and does nothing where that is not under way. */
  #stopDial = () => {};
  #cancelRetry = () => {};
  #cancelUpgrade = () => {};
  #ignoreKeyAnswer = () => {};
  #cancelReconnect = () => {};

  constructor(
    transports: readonly Transport[],
    open: OpenWire,
    keys: KeySource,
    env: Environment,
    handlers: ConnectionHandlers,
  ) {
    this.#transports = transports;
    this.#preferred = transports[0];
    this.#open = open;
    this.#keys = keys;
    this.#env = env;
    this.#handlers = handlers;
  }

  get link(): ConnectionStatus {
    return this.#link;
  }

  /** Connects and stays connected; further calls do nothing, nor do any after `close`. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#connect();
  }

  /** The server asks for a reconnect in `ms`; where it hangs up earlier, the next attempt still waits until then. */
  reconnectIn(ms: number): void {
    const leaving = this.#wire;
    this.#waitAtLeast(ms);
    this.#cancelReconnect();
    this.#cancelReconnect = this.#env.after(ms, () => {
      if (leaving !== null && leaving === this.#wire) this.#drop();
    });
  }

  /** Connects with the new key where the last one was refused. */
  keyChanged(): void {
    if (this.#link.state !== 'refused') return;
    this.#failures = 0;
    this.#connect();
  }

  /** The server ends the connection for good, for example because the key was revoked. */
  end(refusal: Refusal): void {
    this.#release();
    this.#handlers.lost();
    this.#set({ state: 'reconnecting', transport: null });
    this.#refuse(refusal);
  }

  /** The server accepted another key over the open wire. */
  keyAccepted(key: string): void {
    this.#sentKey = key;
  }

  measured(roundTrip: number): void {
    this.#set({ roundTrip });
  }

  close(): void {
    this.#started = true;
    this.#release();
    this.#cancelReconnect();
    this.#set({ state: 'closed', transport: null, attempt: 0, nextTryAt: null, refusal: null });
  }

  #set(change: Partial<ConnectionStatus>): void {
    this.#link = { ...this.#link, ...change };
    this.#handlers.link(this.#link);
  }

  #connect(): void {
    const order = this.#transports.toSorted(
      (a, b) => Number(b === this.#preferred) - Number(a === this.#preferred),
    );
    this.#set({ state: this.#stateWhileDown(), attempt: this.#failures + 1, nextTryAt: null, refusal: null });
    const asked = this.#keys.renew();
    if (asked === null) this.#dial(order, () => this.#retry());
    else
      this.#whenKeyKnown(asked, (known) => (known ? this.#dial(order, () => this.#retry()) : this.#retry()));
  }

  #stateWhileDown(): ConnectionStatus['state'] {
    return this.#wasLive ? 'reconnecting' : 'connecting';
  }

  #dial(order: readonly Transport[], failed: () => void): void {
    this.#sentKey = this.#keys.current;
    this.#stopDial = dial(order, this.#open, this.#env, {
      opened: (wire) => this.#opened(wire),
      failed,
      // Where another wire is open, this was only to become a better one.
      refused: (refusal) => (this.#wire === null ? this.#refuse(refusal) : failed()),
      closed: (wire) => {
        if (wire === this.#wire) this.#drop();
      },
      message: (name, body) => this.#heard(name, body),
    });
  }

  #opened(wire: Wire): void {
    this.#closeWire();
    this.#wire = wire;
    this.#wasLive = true;
    this.#preferred = wire.transport;
    this.#watchdog = startWatchdog(this.#env, () => this.#drop());
    this.#set({ state: 'live', transport: wire.transport, attempt: 0, nextTryAt: null });
    if (wire.transport === 'polling' && this.#transports.includes('websocket')) this.#upgradeLater();
    else this.#upgrades = 0;
    this.#handlers.live(wire);
  }

  /** Polling costs the server twice as much: returns to WebSocket once the network lets it through. */
  #upgradeLater(): void {
    this.#upgrades++;
    const wait = Math.round(longestBackoff(this.#upgrades, UPGRADE) * (0.5 + this.#env.random() / 2));
    this.#cancelUpgrade = this.#env.after(wait, () => this.#dial(['websocket'], () => this.#upgradeLater()));
  }

  /** The count of failures ends with the first message, not with the opening: a server may hang up right after it. */
  #heard(...[name, body]: Parameters<WireHandlers['message']>): void {
    this.#failures = 0;
    this.#watchdog?.touch();
    this.#link = { ...this.#link, lastMessageAt: this.#env.clock() };
    this.#handlers.message(name, body);
  }

  #drop(): void {
    this.#release();
    this.#handlers.lost();
    this.#retry();
  }

  #release(): void {
    this.#stopDial();
    this.#closeWire();
  }

  /** Closes the wire and cancels what was waited for; an attempt that is under way goes on. */
  #closeWire(): void {
    this.#cancelRetry();
    this.#cancelUpgrade();
    this.#ignoreKeyAnswer();
    this.#watchdog?.stop();
    this.#wire?.close();
    this.#wire = null;
  }

  /** Retries where the app has another key by now, or the refusal says that it may pass; else stays refused. */
  #refuse(refusal: Refusal): void {
    if (refusal.retry) {
      // Spread over as long again: all clients that were refused together got the same wait.
      const wait = (refusal.after ?? 0) * (1 + this.#env.random());
      this.#waitAtLeast(Math.round(wait));
      this.#retry();
      return;
    }
    this.#whenKeyKnown(this.#keys.hasAnother(this.#sentKey), (another) => {
      if (another) return this.#retry();
      this.#set({ state: 'refused', transport: null, attempt: 0, nextTryAt: null, refusal });
      this.#handlers.refused(refusal);
    });
  }

  /** Calls back with what the app says about its key, unless the connection was opened or released meanwhile. */
  #whenKeyKnown(answer: Promise<boolean>, then: (answer: boolean) => void): void {
    let wanted = true;
    this.#ignoreKeyAnswer = () => {
      wanted = false;
    };
    answer
      .then((value) => {
        if (wanted) then(value);
      })
      .catch(this.#handlers.report);
  }

  #waitAtLeast(ms: number): void {
    this.#notBefore = { at: this.#env.clock() + ms, within: ms };
  }

  #retry(): void {
    const now = this.#env.clock();
    if (this.#failures++ === 0) this.#failingSince = now;
    const { most } = now - this.#failingSince < LONG_OUTAGE.after ? RECONNECT : LONG_OUTAGE;
    // If the clock was set back meanwhile, the planned time seems far away.
    const left = Math.min(this.#notBefore.at - now, this.#notBefore.within);
    const wait = Math.max(
      backoffDelay(this.#failures, { ...RECONNECT, most, random: this.#env.random }),
      left,
    );
    this.#cancelRetry = this.#env.after(wait, () => this.#connect());
    const nextTryAt = now + wait;
    this.#set({ state: this.#stateWhileDown(), transport: null, attempt: this.#failures, nextTryAt });
  }
}
