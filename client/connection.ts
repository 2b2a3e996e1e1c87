import { backoff } from './backoff.ts';
import { dial, type OpenWire } from './dial.ts';
import type { Environment } from './environment.ts';
import type { Transport, Wire, WireHandlers } from './socket.ts';
import type { Link } from './types.ts';
import { startWatchdog, type Watchdog } from './watchdog.ts';

/** Most servers are back within a minute: so long the waits stay short, that none is found late. */
const RECONNECT = { base: 500, cap: 2_500 };
const LONG_OUTAGE = { after: 60_000, cap: 15_000 };
/** How long polling lasts before WebSocket is tried again, ms; doubles with each failure up to the cap. */
const UPGRADE = { base: 30_000, cap: 600_000 };

export interface ConnectionHandlers {
  /** A wire is open, the first or another: everything the server should know must be said again. */
  live(wire: Wire): void;
  lost(): void;
  message: WireHandlers['message'];
  link(link: Link): void;
}

/** Keeps one wire open. First connect and reconnect are the same loop: try all transports, wait with full jitter, again. */
export class Connection {
  readonly #transports: readonly Transport[];
  readonly #open: OpenWire;
  readonly #env: Environment;
  readonly #handlers: ConnectionHandlers;
  #link: Link = {
    state: 'connecting',
    transport: null,
    roundTrip: null,
    attempt: 0,
    nextTryAt: null,
    lastMessageAt: null,
  };
  #wire: Wire | null = null;
  #watchdog: Watchdog | null = null;
  #started = false;
  #wasLive = false;
  #failures = 0;
  /** When the first of the failures was, local epoch ms. */
  #failing = 0;
  #upgrades = 0;
  #notBefore = 0;
  /** What worked last goes first: a network that swallows WebSocket costs its wait once. */
  #first: Transport | undefined;
  #stopDial = () => {};
  #stopWait = () => {};
  #stopLeave = () => {};

  constructor(
    transports: readonly Transport[],
    open: OpenWire,
    env: Environment,
    handlers: ConnectionHandlers,
  ) {
    this.#transports = transports;
    this.#first = transports[0];
    this.#open = open;
    this.#env = env;
    this.#handlers = handlers;
  }

  get link(): Link {
    return this.#link;
  }

  /** Connects and stays connected; further calls do nothing, nor do any after `close`. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#connect();
  }

  /** The server asks to be left in `ms`: reconnects then, and not before if it hangs up earlier. */
  leaveIn(ms: number): void {
    const leaving = this.#wire;
    this.#notBefore = this.#env.clock() + ms;
    this.#stopLeave();
    this.#stopLeave = this.#env.after(ms, () => {
      if (leaving !== null && leaving === this.#wire) this.#drop();
    });
  }

  measured(roundTrip: number): void {
    this.#set({ roundTrip });
  }

  close(): void {
    this.#started = true;
    this.#release();
    this.#stopLeave();
    this.#set({ state: 'closed', transport: null, attempt: 0, nextTryAt: null });
  }

  #set(change: Partial<Link>): void {
    this.#link = { ...this.#link, ...change };
    this.#handlers.link(this.#link);
  }

  #connect(): void {
    const order = this.#transports.toSorted((a, b) => Number(b === this.#first) - Number(a === this.#first));
    this.#set({ state: this.#unconnected(), attempt: this.#failures + 1, nextTryAt: null });
    this.#dial(order, () => this.#retry());
  }

  #unconnected(): Link['state'] {
    return this.#wasLive ? 'reconnecting' : 'connecting';
  }

  #dial(order: readonly Transport[], failed: () => void): void {
    this.#stopDial = dial(order, this.#open, this.#env, {
      opened: (wire) => this.#opened(wire),
      failed,
      closed: (wire) => {
        if (wire === this.#wire) this.#drop();
      },
      message: (name, body) => this.#heard(name, body),
    });
  }

  #opened(wire: Wire): void {
    this.#wire?.close();
    this.#watchdog?.stop();
    this.#stopWait();
    this.#wire = wire;
    this.#wasLive = true;
    this.#first = wire.transport;
    this.#watchdog = startWatchdog(this.#env, () => this.#drop());
    this.#set({ state: 'live', transport: wire.transport, attempt: 0, nextTryAt: null });
    if (wire.transport === 'polling' && this.#transports.includes('websocket')) this.#upgradeLater();
    else this.#upgrades = 0;
    this.#handlers.live(wire);
  }

  /** Polling costs the server twice: goes back to WebSocket once the network lets it through. */
  #upgradeLater(): void {
    this.#upgrades++;
    const most = Math.min(UPGRADE.cap, UPGRADE.base * 2 ** Math.min(this.#upgrades - 1, 10));
    const wait = Math.round(most * (0.5 + this.#env.random() / 2));
    this.#stopWait = this.#env.after(wait, () => this.#dial(['websocket'], () => this.#upgradeLater()));
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
    this.#stopWait();
    this.#watchdog?.stop();
    this.#wire?.close();
    this.#wire = null;
  }

  #retry(): void {
    const now = this.#env.clock();
    if (this.#failures++ === 0) this.#failing = now;
    const cap = now - this.#failing < LONG_OUTAGE.after ? RECONNECT.cap : LONG_OUTAGE.cap;
    const most = { base: RECONNECT.base, cap };
    const wait = Math.max(backoff(this.#failures, most, this.#env.random), this.#notBefore - now);
    this.#stopWait = this.#env.after(wait, () => this.#connect());
    const nextTryAt = now + wait;
    this.#set({ state: this.#unconnected(), transport: null, attempt: this.#failures, nextTryAt });
  }
}
