/** What a stack is made of. */
export type Part = 'broker' | 'store' | 'ingest' | 'aggregator' | 'gateway';

/** One process of a stack; it keeps its address over restarts. */
export interface Member {
  readonly part: Part;
  /** Such as `gateway 2`. */
  readonly name: string;
  /** `http://127.0.0.1:…`; of the broker host:port. */
  readonly url: string;
  readonly state: 'running' | 'paused' | 'gone';
  /** Unexpected exits, one line each. */
  readonly unasked: readonly string[];
  /** As a crash or a power cut; resolves when it is gone. Also when it is paused; idempotent. */
  kill9(): Promise<void>;
  /** SIGSTOP: it halts, and its sockets stay open. */
  pause(): void;
  resume(): void;
  /** SIGTERM; resolves with the exit code, of the broker with null. */
  stop(): Promise<number | null>;
  /** Starts it where it is gone, killing it first where it is not; resolves at once, see `untilReady`. */
  start(): Promise<void>;
  /** `start` and `untilReady`. */
  restart(): Promise<void>;
  /** What is missing until it serves, one line; null when nothing is. Never rejects. */
  missing(): Promise<string | null>;
  /** Rejects with what is missing, and its last lines, after `within` ms (120,000), and at once when it has ended. */
  untilReady(within?: number): Promise<void>;
  /** What its processes have printed, both streams, the last 64,000 characters. */
  output(): string;
}
