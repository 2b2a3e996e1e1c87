/** What the client uses of its surroundings; each part can be replaced, so that tests control time and randomness. */
export interface Environment {
  /** Local time, epoch ms. */
  clock(): number;
  /** Uniform in [0, 1). */
  random(): number;
  /**
   * Runs `call` once after `ms`; returns a function that cancels it. With `idle` a program that has nothing else to do may
   * end meanwhile.
   */
  after(ms: number, call: () => void, idle?: boolean): () => void;
  fetch: typeof fetch;
  /** A new event id, unique for all clients. */
  id(): string;
}

export function browserEnvironment(): Environment {
  return {
    clock: () => Date.now(),
    random: () => Math.random(),
    after: (ms, call, idle) => {
      const timer: unknown = setTimeout(call, ms);
      // Node and similar runtimes have it: in a browser a timer is a number.
      if (idle) (timer as { unref?(): void }).unref?.();
      return () => clearTimeout(timer as number);
    },
    // Called as a bare function: browsers refuse fetch with another `this`.
    fetch: (input, init) => fetch(input, init),
    id: randomId,
  };
}

/** 128 random bits as hex. `crypto.randomUUID` exists in secure contexts only, `getRandomValues` everywhere. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}
