import { awaitTurn } from '#platform/process/tasks/turns.ts';
import type { GatewayDeps } from '../deps.ts';
import type { Session } from './session.ts';

/**
 * Returns a function that disconnects the sessions whose key was revoked or has expired. It works in turns, since one key may
 * have thousands of connections; a call during a run starts one more run.
 */
export function createRevokedDisconnector(
  sessions: ReadonlySet<Session>,
  { keyring, metrics }: Pick<GatewayDeps, 'keyring' | 'metrics'>,
  failed: (error: unknown) => void,
): () => void {
  let isRunning = false;
  let isDue = false;
  const checkAll = async (): Promise<void> => {
    for (const session of sessions) {
      await awaitTurn();
      const fault = keyring.revocationOf(session.caller);
      if (fault === null) continue;
      metrics.add('millrace_gateway_expelled_total', 1, { code: fault.code });
      session.disconnect(fault);
    }
  };
  const checkWhileDue = async (): Promise<void> => {
    while (isDue) {
      isDue = false;
      await checkAll();
    }
  };
  return () => {
    isDue = true;
    if (isRunning) return;
    isRunning = true;
    checkWhileDue()
      .catch(failed)
      .finally(() => {
        isRunning = false;
      });
  };
}
