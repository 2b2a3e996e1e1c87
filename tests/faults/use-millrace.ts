import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { freePort } from '../testing/free-port.ts';
import { type MillraceProcess, startMillrace } from '../testing/millrace-process.ts';

export interface MillraceUnderTest {
  /** A folder of this test's own. */
  readonly data: string;
  /** Starts the real process on the folder, each time at the same address; rejects with all it printed when it ends. */
  start(env?: Record<string, string>): Promise<MillraceProcess>;
}

/** For each test a data folder and a port; what runs in the end is killed, what is stored removed. */
export function useMillrace(): MillraceUnderTest {
  let data = '';
  let port = 0;
  let running: MillraceProcess | null = null;
  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'millrace-faults-'));
    port = await freePort();
  });
  afterEach(async () => {
    await running?.kill();
    running = null;
    await rm(data, { recursive: true, force: true });
  });
  return {
    get data() {
      return data;
    },
    async start(env = {}) {
      running = await startMillrace({ data, port, env });
      return running;
    },
  };
}
