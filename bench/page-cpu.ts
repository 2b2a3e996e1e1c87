import { readdirSync, readFileSync } from 'node:fs';

/** ms a tick of /proc: 100 a second on every Linux that Chromium runs on. */
const TICK = 10;

/** CPU ms since their start of all processes that this one started, and those started; ended ones are not counted. */
export function readChildrenCpu(): number {
  const processes = new Map<number, { parent: number; ms: number }>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const stat = readStat(pid);
    if (stat !== null) processes.set(pid, stat);
  }
  const isOurs = (pid: number): boolean => {
    const parent = processes.get(pid)?.parent;
    return parent !== undefined && (parent === process.pid || isOurs(parent));
  };
  let sum = 0;
  for (const [pid, { ms }] of processes) if (isOurs(pid)) sum += ms;
  return sum;
}

/** Null when it has ended meanwhile. */
function readStat(pid: number): { parent: number; ms: number } | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return { parent: Number(fields[1]), ms: (Number(fields[11]) + Number(fields[12])) * TICK };
  } catch {
    return null;
  }
}
