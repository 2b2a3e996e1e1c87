import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Sends requests with a key to its own process until they are refused; reports the first acceptance and the first refusal. */
const PROGRAM = `
const headers = { authorization: 'Bearer ' + process.env.WATCHED_KEY };
const end = Date.now() + 60_000;
for (let known = false; Date.now() < end; ) {
  const { status } = await fetch('http://127.0.0.1:8080/v1/metrics', { headers });
  if (status === 200 && !known) console.log('known');
  known ||= status === 200;
  if (status === 401 && known) {
    console.log(Date.now());
    process.exit(0);
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
}
process.exit(1);
`;

export interface WatchedKey {
  /** Epoch ms at which the container's process refused the key. */
  refused: Promise<number>;
}

/** Resolves once the process of a container accepts the key. */
export async function watchKey(container: string, key: string): Promise<WatchedKey> {
  const run = ['exec', '-e', 'WATCHED_KEY', container, 'node', '--input-type=module', '-e', PROGRAM];
  const env = { ...process.env, WATCHED_KEY: key };
  const child = spawn('docker', run, { stdio: ['ignore', 'pipe', 'inherit'], env });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true)
      throw new Error(`The key was ${value ?? 'neither taken nor refused'} within a minute.`);
    return value;
  };
  child.once('error', () => child.stdout.destroy());
  await next();
  return {
    refused: next()
      .then(Number)
      .finally(() => once(child, 'exit')),
  };
}
