import type { Figures } from './figures.ts';
import { MORE_DESCRIPTORS } from './process-figures.ts';
import { STOP_SECONDS } from './run-attack.ts';

/**
 * Memory of the smallest profile, MB: the heap (512), the Store (500), what both have outside of these bounds, the code and
 * its libraries (400).
 */
const MEMORY_MB = 1_412;
const PEAK_DESCRIPTORS = 3_000;
/**
 * ms that a request may wait for the loop itself, other threads of the process included, and ms of CPU that one turn of the
 * loop may take. The promise is lower, 50 ms, and measured by `measure.ts`: a core that two threads share takes twice as long
 * for the same work, and a garbage collection is part of a turn. A busy machine is no excuse for more than this.
 */
const HOLD = 1_000;
const TURN = 150;
const START_SECONDS = 20;

/** Returns what went wrong in an attack, in words; empty when everything held. */
export function judge(figures: Figures): string[] {
  const { outcome, probe, turns, memory, descriptors, stop, start } = figures;
  const problems = [...figures.faults];
  if (outcome !== 'over') problems.push(outcome);
  // Where the process is alone with the attack, the attack may make it restart.
  if (probe.unanswered > 0 && figures.honest !== null)
    problems.push(`${probe.unanswered} questions at /live without an answer`);
  if (probe.longestHold > HOLD)
    problems.push(`the event loop was held for ${probe.longestHold} ms; at most ${HOLD}`);
  if (turns.longest > TURN)
    problems.push(`a turn of the event loop took ${turns.longest} ms; at most ${TURN}`);
  if (memory.peak > MEMORY_MB) problems.push(`${memory.peak} MB of memory; at most ${MEMORY_MB}`);
  if (descriptors.peak > PEAK_DESCRIPTORS)
    problems.push(`${descriptors.peak} descriptors; at most ${PEAK_DESCRIPTORS}`);
  if (descriptors.after > descriptors.before + MORE_DESCRIPTORS)
    problems.push(`${descriptors.after} descriptors after it, ${descriptors.before} before`);
  if (stop.ended !== 0 || stop.seconds > STOP_SECONDS)
    problems.push(`told to stop, it ended with ${stop.ended ?? 'a kill'} after ${stop.seconds} s`);
  if (start.seconds === null || start.seconds > START_SECONDS)
    problems.push(
      `started again, it was ready after ${start.seconds ?? 'never'} s; at most ${START_SECONDS}`,
    );
  return [...problems, ...judgeHonest(figures)];
}

/** Every event of the honest client is acknowledged in the end, and counted exactly once, live, over HTTP and after a start. */
function judgeHonest({ honest, counted, start }: Figures): string[] {
  if (honest === null) return [];
  const { sent, acknowledged, seen, refused, viewRefusals } = honest.during;
  const problems: string[] = [];
  if (acknowledged !== sent)
    problems.push(`${sent - acknowledged} of ${sent} honest events without an acknowledgement`);
  if (Object.keys(refused).length > 0)
    problems.push(`honest events refused for good: ${JSON.stringify(refused)}`);
  const counts = { 'the open view': seen, HTTP: counted, 'HTTP after a start': start.counted };
  for (const [who, count] of Object.entries(counts)) {
    // What got no acknowledgement may be stored all the same, once.
    if (count === null || count < acknowledged || count > sent)
      problems.push(`${who} counts ${count} honest events; ${acknowledged} were acknowledged, ${sent} sent`);
  }
  if (Object.keys(viewRefusals).some((code) => !RETRIED.has(code)))
    problems.push(`the honest view was refused: ${JSON.stringify(viewRefusals)}`);
  return problems;
}

/** After these the client asks again by itself. */
const RETRIED = new Set([
  'store_unavailable',
  'log_unavailable',
  'overloaded',
  'not_ready',
  'metric_changed',
]);
