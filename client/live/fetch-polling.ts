import { Fetch } from 'socket.io-client';
import type { Refusal } from '#contracts/view/protocol.ts';
import { readAfter, readText } from '../host/fetch-text.ts';
import { handshakeRefusal } from './handshake-refusal.ts';

/** The most characters of one answer: a longer one is not from a gateway. */
const MOST_CHARS = 100_000_000;

/**
 * Long-polling by `fetch`, which browsers and Node have alike. The library's own forgets the promise of the body, so
 * that a line cut within one would be an unhandled rejection, and leaves its poll open for as long as the network does.
 * A class, since the library takes transports as such.
 */
export class FetchPolling extends Fetch {
  readonly #poll = new AbortController();

  override doPoll(): void {
    this.#request({ signal: this.#poll.signal }).then(
      (text) => this.onData(text),
      (error: unknown) => {
        if (!this.#poll.signal.aborted) this.#failed('read', error);
      },
    );
  }

  override doWrite(data: string, callback: () => void): void {
    const headers = { 'content-type': 'text/plain;charset=UTF-8' };
    this.#request({ method: 'POST', body: data, headers }).then(callback, (error: unknown) =>
      this.#failed('write', error),
    );
  }

  override doClose(): void {
    super.doClose();
    this.#poll.abort();
  }

  async #request(options: RequestInit): Promise<string> {
    const answer = await fetch(this.uri(), { ...options, credentials: 'omit', cache: 'no-store' });
    const text = await readText(answer, MOST_CHARS);
    if (answer.ok && text !== null) return text;
    throw new RefusedPoll(answer.status, handshakeRefusal(text ?? '', readAfter(answer, Date.now())));
  }

  #failed(what: 'read' | 'write', error: unknown): void {
    // The library's callers look for the status as a number.
    if (error instanceof RefusedPoll) this.onError(`fetch ${what} error`, error.status, error.refusal);
    else this.onError(`fetch ${what} error`, error);
  }
}

class RefusedPoll {
  readonly status: number;
  readonly refusal: Refusal | null;

  constructor(status: number, refusal: Refusal | null) {
    this.status = status;
    this.refusal = refusal;
  }
}
