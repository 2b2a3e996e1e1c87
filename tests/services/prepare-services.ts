import type { TestProject } from 'vitest/node';
import { resolveJars } from '../../infra/kafka/jars.ts';

/**
 * Fetches the broker once for all suites. Where it is unavailable the suites are skipped with the reason, which tests
 * inject as `noBroker`; in CI the run fails with it instead.
 */
export default async function setup(project: TestProject): Promise<void> {
  let reason = '';
  try {
    await resolveJars();
  } catch (error) {
    reason = (error as Error).message;
    // The message is enough: a stack trace would not help.
    if (process.env.CI) throw Object.assign(new Error(reason), { stack: reason });
    console.log(`The suite services is skipped: ${reason}`);
  }
  project.provide('noBroker', reason);
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Why no broker can be started here; empty where one can. */
    noBroker: string;
  }
}
