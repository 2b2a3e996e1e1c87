/** What a connection is doing; how long it may last depends on it. */
export const CONNECTION_STATES = ['idle', 'request', 'upgrade', 'websocket', 'closing'] as const;
export type ConnectionState = (typeof CONNECTION_STATES)[number];

/** ms that a connection may stay in a state; null where something else watches over it. */
export type Deadlines = Readonly<Record<ConnectionState, number | null>>;

interface Entry {
  state: ConnectionState;
  since: number;
  /** Bytes of its answers that the client has not read yet. */
  unread: number;
}

/**
 * Every connection of a server with its state. Each state keeps them in the order in which they entered it, so that a
 * search for overdue ones visits only these, however many connections there are.
 */
export class ConnectionTable<T extends object> {
  readonly #deadlines: Deadlines;
  readonly #entries = new Map<T, Entry>();
  readonly #inState: Readonly<Record<ConnectionState, Map<T, Entry>>>;
  /** Those with unread answers, the least recently read first. */
  readonly #readers = new Map<T, Entry>();
  #unread = 0;

  constructor(deadlines: Deadlines) {
    this.#deadlines = deadlines;
    const maps = CONNECTION_STATES.map((state) => [state, new Map<T, Entry>()]);
    this.#inState = Object.fromEntries(maps) as Record<ConnectionState, Map<T, Entry>>;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Bytes of unread answers of all connections. */
  get unread(): number {
    return this.#unread;
  }

  count(state: ConnectionState): number {
    return this.#inState[state].size;
  }

  stateOf(connection: T): ConnectionState | null {
    return this.#entries.get(connection)?.state ?? null;
  }

  add(connection: T, state: ConnectionState, now: number): void {
    const entry = { state, since: now, unread: 0 };
    this.#entries.set(connection, entry);
    this.#inState[state].set(connection, entry);
  }

  /** Moves a connection into a state, or restarts its time in the same one. One that is gone or closing stays so. */
  move(connection: T, state: ConnectionState, now: number): void {
    const entry = this.#entries.get(connection);
    if (entry === undefined || entry.state === 'closing') return;
    this.#inState[entry.state].delete(connection);
    entry.state = state;
    entry.since = now;
    this.#inState[state].set(connection, entry);
  }

  /** Adds the bytes of an answer to those that the connection has not read; negative `bytes` have been read. */
  owe(connection: T, bytes: number): void {
    const entry = this.#entries.get(connection);
    if (entry === undefined || bytes === 0) return;
    entry.unread += bytes;
    this.#unread += bytes;
    if (bytes < 0) this.#readers.delete(connection);
    if (entry.unread > 0) this.#readers.set(connection, entry);
  }

  remove(connection: T): void {
    const entry = this.#entries.get(connection);
    if (entry === undefined) return;
    this.#entries.delete(connection);
    this.#inState[entry.state].delete(connection);
    this.#readers.delete(connection);
    this.#unread -= entry.unread;
  }

  /** Connections that have exceeded the time of their state, the oldest first. */
  *expired(now: number): Generator<[T, ConnectionState]> {
    for (const state of CONNECTION_STATES) {
      const deadline = this.#deadlines[state];
      if (deadline === null) continue;
      for (const [connection, { since }] of this.#inState[state]) {
        if (now - since < deadline) break;
        yield [connection, state];
      }
    }
  }

  /** Yields those that have read nothing for longest, while more than `most` bytes are unread; the caller removes each. */
  *slowestReaders(most: number): Generator<T> {
    for (const [connection] of this.#readers) {
      if (this.#unread <= most) return;
      yield connection;
    }
  }

  inState(state: ConnectionState): Iterable<T> {
    return this.#inState[state].keys();
  }

  all(): Iterable<T> {
    return this.#entries.keys();
  }
}
