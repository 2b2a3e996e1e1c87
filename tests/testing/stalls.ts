/**
 * Blocks the event loop for up to half a second now and then, as a busy machine does. This finds tests that pass only on
 * a fast machine: `STALLS=1 npm test -- unit`.
 */
const LONGEST = 450;
const SHORT = 10;
const LONG_SHARE = 0.35;
const EVERY = { least: 20, more: 250 };

/** Taken at once: tests may put others in their place. */
const { setTimeout, performance } = globalThis;

function standStill(): void {
  const ms = Math.random() * (Math.random() < LONG_SHARE ? LONGEST : SHORT);
  const end = performance.now() + ms;
  while (performance.now() < end);
  goOn();
}

function goOn(): void {
  setTimeout(standStill, EVERY.least + Math.random() * EVERY.more).unref();
}

goOn();
