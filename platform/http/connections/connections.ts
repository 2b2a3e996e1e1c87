import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Budgets } from '#platform/limits/budgets.ts';
import type { Metrics } from '#platform/process/reporting/metrics.ts';
import type { Settings } from '#platform/process/settings/settings.ts';
import { CONNECTION_STATES, type ConnectionState, ConnectionTable } from './connection-table.ts';

/** A request with the answer that is due to it. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

export type ConnectionLimits = Pick<
  Settings['limits'],
  'headerTime' | 'requestTime' | 'answerTime' | 'keepAlive' | 'unreadBytes' | 'pipelined' | 'unanswered'
>;

/** ms between two checks for connections that are over their time. */
const LOOK = 1_000;
/** ms that a client has to hang up after its last answer. */
const GRACE = 2_000;
/** Connections that are cut before other work gets a turn. */
const CUTS_A_TURN = 200;

const NONE: ReadonlySet<Exchange> = new Set();
const watched = new WeakMap<Server, Connections>();

/** Those of a server that was made by `createServer`; null for any other. */
export const connectionsOf = (server: Server): Connections | null => watched.get(server) ?? null;

/**
 * Every TCP connection of a server, whatever it carries: each has a state with a deadline, is counted, and can be ended.
 * The HTTP server itself tracks only those that speak HTTP, and sets no timeout on its answers.
 */
export class Connections {
  /** What the server makes its responses of: listeners of `request` come and go, and each request has a response. */
  readonly Response: typeof ServerResponse;
  readonly #table: ConnectionTable<Socket>;
  readonly #exchanges = new Map<Socket, Set<Exchange>>();
  readonly #limits: ConnectionLimits;
  /** Requests above a limit of unanswered requests, with that limit. */
  readonly #excess = new WeakMap<IncomingMessage, 'pipelined' | 'unanswered'>();
  readonly #metrics: Metrics;
  readonly #now: () => number;
  #unanswered = 0;
  #isLooking = false;
  #isCut = false;
  #look: NodeJS.Timeout | null = null;
  #end: NodeJS.Timeout | null = null;

  /** `now` is ms of a clock that does not go back. */
  constructor(limits: ConnectionLimits, { metrics, now }: { metrics: Metrics; now: () => number }) {
    this.#table = new ConnectionTable({
      // The server ends idle ones and slow heads itself, but takes any byte for a sign of life.
      idle: limits.keepAlive + limits.headerTime + LOOK,
      request: limits.requestTime + limits.answerTime,
      upgrade: limits.headerTime,
      // Socket.IO's heartbeat ends dead connections.
      websocket: null,
      closing: GRACE,
    });
    this.#limits = limits;
    this.#metrics = metrics;
    this.#now = now;
    this.Response = trackedResponse({
      began: (exchange) => this.#began(exchange),
      ends: (response, bytes) => this.#answers(response, bytes),
    });
  }

  get size(): number {
    return this.#table.size;
  }

  count(state: ConnectionState): number {
    return this.#table.count(state);
  }

  /** Requests of a connection that are not answered yet, oldest first. */
  exchangesOf(socket: Socket): ReadonlySet<Exchange> {
    return this.#exchanges.get(socket) ?? NONE;
  }

  /** Returns which limit of unanswered requests this one exceeds, that of its connection or of all; null if none. */
  excessOf(request: IncomingMessage): 'pipelined' | 'unanswered' | null {
    return this.#excess.get(request) ?? null;
  }

  /** To be called before the server listens; `opened` must be called for each connection that is accepted. */
  watch(server: Server): void {
    watched.set(server, this);
    server.on('upgrade', (_, socket: Socket) => this.#move(socket, 'upgrade'));
    server.on('listening', () => {
      this.#look ??= setInterval(() => void this.#cutExpired(), LOOK).unref();
    });
  }

  /** A connection is there from now on; `closing` is one that is turned away, and lasts as long as its refusal takes. */
  opened(socket: Socket, state: 'idle' | 'closing' = 'idle'): void {
    // The end of the socket follows; without a listener an error would end the process.
    socket.on('error', () => {});
    if (this.#isCut) {
      socket.destroy();
      return;
    }
    this.#table.add(socket, state, this.#now());
    socket.once('close', () => {
      this.#table.remove(socket);
      this.#exchanges.delete(socket);
    });
  }

  /** `total`: connections that may be open. */
  reportTo(budgets: Pick<Budgets, 'watch'>, total: number): void {
    const { unanswered, unreadBytes } = this.#limits;
    const count = { unit: 'count' } as const;
    budgets.watch(
      { ...count, name: 'tcp_connections', most: total, setting: 'MILLRACE_TCP_CONNECTIONS' },
      () => this.#table.size,
    );
    budgets.watch(
      { ...count, name: 'unanswered_requests', most: unanswered, setting: 'MILLRACE_UNANSWERED' },
      () => this.#unanswered,
    );
    budgets.watch(
      { unit: 'bytes', name: 'unread_bytes', most: unreadBytes, setting: 'MILLRACE_UNREAD_BYTES' },
      () => this.#table.unread,
    );
  }

  /** Records the outcome of an upgrade. */
  became(socket: Socket, state: 'websocket' | 'closing'): void {
    this.#move(socket, state);
  }

  /** Cuts connections that are being upgraded or closed, and after `limit` ms all that are left; later ones at once. */
  drain(limit: number): void {
    for (const state of ['upgrade', 'closing'] as const)
      for (const socket of this.#table.inState(state)) socket.destroy();
    this.#end ??= setTimeout(() => void this.#cutAll(), limit);
  }

  /** The server has closed. */
  close(): void {
    if (this.#look !== null) clearInterval(this.#look);
    if (this.#end !== null) clearTimeout(this.#end);
  }

  #move(socket: Socket, state: ConnectionState): void {
    this.#table.move(socket, state, this.#now());
  }

  #began(exchange: Exchange): void {
    const { socket } = exchange.request;
    if (this.#table.stateOf(socket) === null) return;
    const exchanges = this.#exchanges.get(socket) ?? new Set();
    this.#exchanges.set(socket, exchanges.add(exchange));
    const { pipelined, unanswered } = this.#limits;
    // Many requests may come in one piece, so each is judged as it comes. What a connection sends above its limit is never answered:
    // it does not take the place of those that others wait for.
    const isWaiting = exchanges.size <= pipelined;
    if (isWaiting) this.#unanswered++;
    else this.#excess.set(exchange.request, 'pipelined');
    if (isWaiting && this.#unanswered > unanswered) this.#excess.set(exchange.request, 'unanswered');
    this.#move(socket, 'request');
    exchange.response.once('close', () => {
      if (isWaiting) this.#unanswered--;
      exchanges.delete(exchange);
      if (exchanges.size === 0) this.#exchanges.delete(socket);
      // An answer that was read is a sign of life.
      if (this.#table.stateOf(socket) === 'request')
        this.#move(socket, exchanges.size === 0 ? 'idle' : 'request');
    });
  }

  /** The slowest reader makes room for the others. */
  #answers(response: ServerResponse, bytes: number): void {
    const { socket } = response.req;
    if (response.closed || this.#table.stateOf(socket) === null) return;
    this.#table.owe(socket, bytes);
    response.once('close', () => this.#table.owe(socket, -bytes));
    for (const slowest of this.#table.slowestReaders(this.#limits.unreadBytes)) this.#cut(slowest, 'unread');
  }

  #cut(socket: Socket, why: ConnectionState | 'unread'): void {
    this.#metrics.add('millrace_http_cut_total', 1, { state: why });
    this.#table.remove(socket);
    socket.destroy();
  }

  async #cutExpired(): Promise<void> {
    for (const state of CONNECTION_STATES)
      this.#metrics.set('millrace_http_connections', this.#table.count(state), { state });
    this.#metrics.set('millrace_http_unread_bytes', this.#table.unread);
    if (this.#isLooking) return;
    this.#isLooking = true;
    let cuts = 0;
    for (const [socket, state] of this.#table.expired(this.#now())) {
      this.#cut(socket, state);
      if (++cuts % CUTS_A_TURN === 0) await nextTurn();
    }
    this.#isLooking = false;
  }

  async #cutAll(): Promise<void> {
    this.#isCut = true;
    let cuts = 0;
    for (const socket of this.#table.all()) {
      socket.destroy();
      if (++cuts % CUTS_A_TURN === 0) await nextTurn();
    }
  }
}

interface Track {
  began(exchange: Exchange): void;
  /** The whole answer, or its last piece, is handed over. */
  ends(response: ServerResponse, bytes: number): void;
}

const trackedResponse = ({ began, ends }: Track): typeof ServerResponse =>
  class extends ServerResponse {
    constructor(request: IncomingMessage, ...options: unknown[]) {
      super(request, ...(options as []));
      began({ request, response: this });
    }

    override end(...args: unknown[]): this {
      const [chunk] = args;
      if (typeof chunk === 'string' || chunk instanceof Uint8Array) ends(this, chunk.length);
      return super.end(...(args as []));
    }
  } as typeof ServerResponse;
