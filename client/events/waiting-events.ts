import { MillraceError } from '#contracts/errors.ts';

export interface Waiting {
  /** The event as it is sent, each time the same. */
  readonly text: string;
  resolve(): void;
  reject(error: MillraceError): void;
  /** Sent when the page was hidden; whether it arrived is not known. */
  beaconed: boolean;
}

/** An event that waits, and what happened to it. */
interface Entry extends Waiting {
  /** Its place in the order of arrival. */
  place: number;
  /** In how many outages it was blocked while sent alone, and the last of them. */
  blocked: number;
  outage: number;
}

export interface Bounds {
  events: number;
  chars: number;
}

/** Events that wait, oldest first, of which the first may be on their way. Bounded: the oldest one that is not on its way is dropped. */
export class WaitingEvents {
  readonly #bounds: Bounds;
  #events: Entry[] = [];
  #places = 0;
  /** Counts recoveries. */
  #outage = 0;
  #postponed = false;
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

  add(event: Omit<Waiting, 'beaconed'>): void {
    this.#events.push({ ...event, beaconed: false, place: this.#places++, blocked: 0, outage: -1 });
    this.#chars += event.text.length;
    const { events, chars } = this.#bounds;
    while ((this.#events.length > events || this.#chars > chars) && this.#events.length > this.#onTheirWay) {
      const [oldest] = this.#events.splice(this.#onTheirWay, 1);
      this.#chars -= oldest!.text.length;
      this.dropped++;
      const message = `Dropped as the oldest: at most ${events} events or ${chars} characters may wait to be sent. Dropped so far: ${this.dropped}.`;
      oldest!.reject(new MillraceError({ code: 'overloaded', message }));
    }
  }

  /** Returns the first ones, at least one and within the bounds; they stay until `complete`. */
  nextBatch(bounds: Bounds): readonly Waiting[] {
    let chars = 0;
    const end = this.#events.findIndex((event, i) => {
      chars += event.text.length;
      return i >= bounds.events || (i > 0 && chars > bounds.chars);
    });
    this.#onTheirWay = end < 0 ? this.#events.length : end;
    return this.#events.slice(0, this.#onTheirWay);
  }

  /** The batch did not arrive and waits again. */
  putBack(): void {
    this.#onTheirWay = 0;
  }

  /** As `putBack`, but the first one waits behind all others, and after the next success where it was. */
  postpone(): void {
    this.#onTheirWay = 0;
    const [first] = this.#events.splice(0, 1);
    if (first === undefined) return;
    if (first.outage !== this.#outage) first.blocked++;
    first.outage = this.#outage;
    this.#events.push(first);
    this.#postponed = true;
  }

  /** Whether the first one was blocked before, while others got through. */
  get suspects(): boolean {
    return isSuspect(this.#events[0]);
  }

  /** Something got through: postponed events return to their order, except those that are blocked whenever others are not. */
  restore(): void {
    this.#outage++;
    if (!this.#postponed) return;
    this.#postponed = false;
    this.#events.sort((a, b) => Number(isSuspect(a)) - Number(isSuspect(b)) || a.place - b.place);
  }

  /** Removes the first `count`: resolves them, or rejects them with this error; one that was rejected before stays rejected. */
  complete(count: number, error: MillraceError | null): void {
    this.#onTheirWay = 0;
    for (const event of this.#events.splice(0, count)) {
      this.#chars -= event.text.length;
      if (error === null) event.resolve();
      else event.reject(error);
    }
  }
}

const isSuspect = (event: Entry | undefined): boolean => event !== undefined && event.blocked > 1;
