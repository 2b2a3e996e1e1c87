/** What the client takes from its surroundings; each part can be replaced, so that tests hold time and chance. */
export interface Environment {
  /** Local time, epoch ms. */
  clock(): number;
  /** Uniform in [0, 1). */
  random(): number;
  /** Runs `call` once after `ms`; answers a function that prevents it. */
  after(ms: number, call: () => void): () => void;
  fetch: typeof fetch;
  /** A new event id, unique for all clients. */
  id(): string;
}

export function browserEnvironment(): Environment {
  return {
    clock: () => Date.now(),
    random: () => Math.random(),
    after: (ms, call) => {
      const timer = setTimeout(call, ms);
      return () => clearTimeout(timer);
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
