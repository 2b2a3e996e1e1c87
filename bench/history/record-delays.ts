/**
 * Loaded into the measured process (`--import`): writes each time at which its event loop did not get to a timer of 20 ms, as a line of
 * JSON, to the file that HISTORY_DELAYS names. By the clock, so what other processes take from the core is in it.
 */
import { appendFileSync } from 'node:fs';
import process from 'node:process';
import type { Turn } from '../../tests/hostile/read-turns.ts';

const EVERY = 20;
/** Shorter ones are not written, ms. */
const LEAST = 5;
const file = process.env.HISTORY_DELAYS ?? '';

let before = performance.now();
setInterval(() => {
  const now = performance.now();
  const ms = now - before - EVERY;
  before = now;
  if (ms < LEAST) return;
  const delay: Turn = { at: Date.now(), clock: Number(process.hrtime.bigint() / 1_000n), ms };
  appendFileSync(file, `${JSON.stringify(delay)}\n`);
}, EVERY).unref();
