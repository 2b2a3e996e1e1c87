// Ends what a test run has started when the run itself has ended, however it ended: its standard input closes then.
// Lines: `+<pid>` a process that runs, `-<pid>` one that is gone, `/<folder>` one to remove in the end.
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const running = new Set<number>();
const folders = new Set<string>();
for await (const line of createInterface({ input: process.stdin })) {
  if (line.startsWith('+')) running.add(Number(line.slice(1)));
  else if (line.startsWith('-')) running.delete(Number(line.slice(1)));
  else folders.add(line);
}
for (const pid of running) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
for (const folder of folders) {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  } catch (error) {
    // A test's small disk may still be mounted in it; the others go all the same.
    console.error(`cannot remove ${folder}: ${(error as Error).message}`);
  }
}
