import { ApiError } from './api.ts';
import { asksForKey } from './key-labels.ts';

/** How often a page looks whether what it shows was edited elsewhere, ms; up to twice as long, so that viewers spread. */
const LOOK = 2_000;
/** The same where a key is needed: without another one the answer stays what it is, unless the server is set up anew. */
const SHUT_OUT = 30_000;

/** Looks now, and again and again; `failed` is told in words for the reader, with null once it works. Answers what ends it. */
export function lookAgain(look: () => Promise<void>, failed: (words: string | null) => void): () => void {
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
