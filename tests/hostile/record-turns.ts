/**
 * Loaded into the process under attack (`--import`): writes each turn of its event loop that took long, as a line of JSON, to
 * the file that HOSTILE_TURNS names. What a turn took is the CPU time of the loop's own thread, which neither other processes
 * nor other threads of the same process add to.
 */
import { appendFileSync } from 'node:fs';
import process from 'node:process';
import type { Turn } from './read-turns.ts';

/** Shorter ones are not written, ms. */
const LEAST = 20;
const file = process.env.HOSTILE_TURNS ?? '';

const cpuOfThread = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};
let before = cpuOfThread();
setInterval(() => {
  const now = cpuOfThread();
  const ms = now - before;
  before = now;
  if (ms < LEAST) return;
  const turn: Turn = { at: Date.now(), clock: Number(process.hrtime.bigint() / 1_000n), ms };
  appendFileSync(file, `${JSON.stringify(turn)}\n`);
}, 1).unref();
