import { setTimeout as sleep } from 'node:timers/promises';
import { refusalOf } from '../sockets/refusal-of.ts';
import type { Session } from './session.ts';

const CHECK_EVERY = 50;

/** Tells every client when to leave, spread over `spread` ms so that they do not return together; resolves when they have, or the time is over. */
export function createDrain(sessions: ReadonlySet<Session>, spread: number): () => Promise<void> {
  return async () => {
    const refusal = refusalOf({ code: 'shutting_down', message: 'The gateway is stopping; connect again.' });
    for (const session of sessions) {
      session.notify({ ...refusal, after: Math.floor(Math.random() * spread) });
    }
    for (let waited = 0; sessions.size > 0 && waited <= spread; waited += CHECK_EVERY)
      await sleep(CHECK_EVERY);
  };
}
