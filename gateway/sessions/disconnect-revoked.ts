import { takeTurn } from '#platform/process/tasks/turns.ts';
import type { GatewayDeps } from '../deps.ts';
import type { Session } from './session.ts';

/** Disconnects sessions whose key was revoked or has expired: one key may have thousands of connections. */
export function createExpel(
  sessions: ReadonlySet<Session>,
  { keyring, metrics }: Pick<GatewayDeps, 'keyring' | 'metrics'>,
  failed: (error: unknown) => void,
): { look: () => void } {
  let isLooking = false;
  let isDue = false;
  const lookOnce = async (): Promise<void> => {
    for (const session of sessions) {
      await takeTurn();
      const fault = keyring.expel(session.caller);
      if (fault === null) continue;
      metrics.add('millrace_gateway_expelled_total', 1, { code: fault.code });
      session.expel(fault);
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
