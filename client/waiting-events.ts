import { MillraceError } from '#contracts/errors.ts';

export interface Waiting {
  /** The event as it is sent, each time the same. */
  readonly text: string;
  resolve(): void;
  reject(error: MillraceError): void;
  /** Sent when the page was hidden; whether it arrived is not known. */
  beaconed: boolean;
}

export interface Bounds {
  events: number;
  chars: number;
}

/** Events that wait, oldest first, of which the first may be on their way. Bounded: the oldest one that is not on its way is dropped. */
export class WaitingEvents {
  readonly #bounds: Bounds;
  #events: Waiting[] = [];
  #chars = 0;
  #onTheirWay = 0;
  dropped = 0;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  get count(): number {
    return this.#events.length;
  }

  get all(): readonly Waiting[] {
    return this.#events;
  }

  add(event: Waiting): void {
    this.#events.push(event);
    this.#chars += event.text.length;
    const { events, chars } = this.#bounds;
    while ((this.#events.length > events || this.#chars > chars) && this.#events.length > this.#onTheirWay) {
      const [oldest] = this.#events.splice(this.#onTheirWay, 1);
      this.#chars -= oldest!.text.length;
      this.dropped++;
      const message = `Dropped, as the oldest: ${events} events or ${chars} characters may wait to be sent.`;
      oldest!.reject(new MillraceError({ code: 'overloaded', message }));
    }
  }

  /** The first ones, at least one and within the bounds; they stay until `settle`. */
  take(bounds: Bounds): readonly Waiting[] {
    let chars = 0;
    const end = this.#events.findIndex((event, i) => {
      chars += event.text.length;
      return i >= bounds.events || (i > 0 && chars > bounds.chars);
    });
    this.#onTheirWay = end < 0 ? this.#events.length : end;
    return this.#events.slice(0, this.#onTheirWay);
  }

  /** What was taken did not arrive and waits again. */
  putBack(): void {
    this.#onTheirWay = 0;
  }

  /** The first `count` are done, well or with this error; a promise that was rejected before stays so. */
  settle(count: number, error: MillraceError | null): void {
    this.#onTheirWay = 0;
    for (const event of this.#events.splice(0, count)) {
      this.#chars -= event.text.length;
      if (error === null) event.resolve();
      else event.reject(error);
    }
  }
}
