import type { TestProject } from 'vitest/node';
import { startBroker } from '../../infra/kafka/start-broker.ts';

/** One broker for all suites of the project, at the address that tests inject as `kafka`. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const broker = await startBroker();
  project.provide('kafka', broker.brokers);
  return () => broker.close();
}

declare module 'vitest' {
  interface ProvidedContext {
    kafka: string;
  }
}
