import { ApiError } from './ask.ts';
import { asksForKey } from './page-key.ts';

/** How often a page looks for edits made elsewhere, ms; up to twice as long, so that viewers spread out. */
const LOOK = 2_000;
/** The same while a key is needed: without another key the answer changes only if the server is configured differently. */
const SHUT_OUT = 30_000;

/** Calls `look` now and repeatedly; calls `failed` with a message for the reader, and with null once it works. Returns a function that stops it. */
export function poll(look: () => Promise<void>, failed: (message: string | null) => void): () => void {
  let ended = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const turn = async (): Promise<void> => {
    let every = LOOK;
    try {
      await look();
      if (!ended) failed(null);
    } catch (error) {
      const shutOut = error instanceof ApiError && error.code !== null && asksForKey(error.code);
      if (shutOut) every = SHUT_OUT;
      const { message } = error as Error;
      if (!ended) failed(shutOut ? message : `${message} Trying again every few seconds.`);
    }
    if (!ended) timer = setTimeout(turn, every + Math.random() * every);
  };
  void turn();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}
