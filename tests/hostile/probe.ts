import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';

/** How the process looked to a client that sends requests all the time. */
export interface ProbeFigures {
  answers: number;
  /** Asked, and not answered in time or at all. */
  unanswered: number;
  /** Answers that took longer than 50, 250 and 1000 ms. */
  over: { ms50: number; ms250: number; ms1000: number };
  /** ms of the clock. */
  worst: number;
  /** The longest answer less the time in which other processes of the machine had the core, ms: what the process itself took. */
  longestHold: number;
}

export interface Probe {
  /** What was seen since the last call; a question without an answer yet counts with the time it has waited. */
  read(): ProbeFigures;
  stop(): void;
}

const EVERY = 20;
const PATIENCE = 30_000;

/** Hundredths of a second are what the system counts CPU in. */
const TICK = 10;

interface Moment {
  at: number;
  /** ms that the main threads of server and probe have waited for a core. */
  waited: number;
  probeWaited: number;
  /** ms of CPU that the other threads of the server have used. */
  others: number;
}

/** ms of CPU and of waiting for a core, of a main thread. */
function scheduled(pid: number | 'self'): { used: number; waited: number } {
  const [used, waited] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ').map(Number);
  return { used: used! / 1e6, waited: waited! / 1e6 };
}

/** ms of CPU of all threads. */
export function cpuOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK;
}

/** What the system has counted up to now; nothing where the process is gone, or the system does not count. */
function momentOf(pid: number): Moment {
  const at = performance.now();
  try {
    const { used, waited } = scheduled(pid);
    return { at, waited, probeWaited: scheduled('self').waited, others: cpuOf(pid) - used };
  } catch {
    return { at, waited: 0, probeWaited: 0, others: 0 };
  }
}

/**
 * How long a question waited, by the clock and for the process itself: the server's wait for a core counts as far as its own
 * threads used that core, not where other processes of the machine did, nor does the probe's own wait.
 */
function between(from: Moment, to: Moment): { clock: number; hold: number } {
  const clock = to.at - from.at;
  const foreign = Math.max(0, to.waited - from.waited - Math.max(0, to.others - from.others));
  return { clock, hold: Math.max(0, clock - foreign - Math.max(0, to.probeWaited - from.probeWaited)) };
}

/** Asks `/live` every 20 ms on a connection of its own, one question at a time. */
export function startProbe(url: string, pid: number): Probe {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let took: { clock: number; hold: number }[] = [];
  let unanswered = 0;
  let asked: Moment | null = null;
  let stopped = false;

  const over = (answered: boolean): void => {
    if (asked === null || stopped) return;
    if (answered) took.push(between(asked, momentOf(pid)));
    else unanswered++;
    asked = null;
    setTimeout(ask, EVERY);
  };
  const ask = (): void => {
    asked = momentOf(pid);
    const call = get(`${url}/live`, { agent, timeout: PATIENCE }, (answer) => {
      answer.resume();
      answer.once('end', () => over(answer.statusCode === 200));
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => over(false));
  };
  ask();
  return {
    read() {
      const seen = asked === null ? took : [...took, between(asked, momentOf(pid))];
      const figures = summarize(seen, unanswered);
      took = [];
      unanswered = 0;
      return figures;
    },
    stop() {
      stopped = true;
      agent.destroy();
    },
  };
}

function summarize(seen: readonly { clock: number; hold: number }[], unanswered: number): ProbeFigures {
  const longer = (ms: number): number => seen.filter(({ clock }) => clock > ms).length;
  return {
    answers: seen.length,
    unanswered,
    over: { ms50: longer(50), ms250: longer(250), ms1000: longer(1_000) },
    worst: Math.round(Math.max(0, ...seen.map(({ clock }) => clock))),
    longestHold: Math.round(Math.max(0, ...seen.map(({ hold }) => hold))),
  };
}

/** Before anything was asked. */
export const NOTHING_SEEN = summarize([], 0);
