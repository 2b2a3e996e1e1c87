import { setImmediate as turn } from 'node:timers/promises';
import type { GatewayDeps } from './deps.ts';
import type { Session } from './session.ts';

/** Sessions that are sent away before other work gets a turn. */
const A_TURN = 100;

/** Sends away whose key counts no longer: one key may have thousands of connections. */
export function createExpel(
  sessions: ReadonlySet<Session>,
  { keyring, metrics }: Pick<GatewayDeps, 'keyring' | 'metrics'>,
  failed: (error: unknown) => void,
): { look: () => void } {
  let isLooking = false;
  let isDue = false;
  const lookOnce = async (): Promise<void> => {
    let expelled = 0;
    for (const session of sessions) {
      const fault = keyring.expel(session.caller);
      if (fault === null) continue;
      metrics.add('millrace_gateway_expelled_total', 1, { code: fault.code });
      session.expel(fault);
      if (++expelled % A_TURN === 0) await turn();
    }
  };
  const lookWhileDue = async (): Promise<void> => {
    while (isDue) {
      isDue = false;
      await lookOnce();
    }
  };
  return {
    /** A key has changed, or time has passed. */
    look() {
      isDue = true;
      if (isLooking) return;
      isLooking = true;
      lookWhileDue()
        .catch(failed)
        .finally(() => {
          isLooking = false;
        });
    },
  };
}
