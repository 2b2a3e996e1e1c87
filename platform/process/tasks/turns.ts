import process from 'node:process';

/**
 * ms that all work in slices together may hold the event loop before sockets and timers get their turn. What comes from
 * sockets in one piece, and collections of the heap, are added to it.
 */
const TURN = 6;
/** ms of it for one piece of work where others wait, so that long ones do not hold up short ones. */
const SLICE = 3;

/*
 * Slices that each work counts for itself add up: all that resume in one phase of the loop run in it. So there is one account for
 * the loop, and all work that waits to continue is in one queue.
 */
const waiting: (() => void)[] = [];
/** When the first work in slices of this turn of the loop began; null where none has. */
let turnBegan: number | null = null;
let sliceBegan = 0;
let isDue = false;

/** Whether work in slices is to leave the loop to others now, which it does by `await nextTurn()`. */
export function isTurnOver(): boolean {
  const now = performance.now();
  if (turnBegan === null) {
    turnBegan = now;
    sliceBegan = now;
    demand();
  }
  return now - turnBegan >= TURN || (waiting.length > 0 && now - sliceBegan >= SLICE);
}

/** Resolves when sockets and timers, and all earlier callers, have had their turn; the slice begins then. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    demand();
  });
}

/** Resolves at once while the turn lasts, else with the next one. */
export async function awaitTurn(): Promise<void> {
  if (isTurnOver()) await nextTurn();
}

/** Does work that comes in steps, each of a few ms at most, and returns its result. */
export async function runInTurns<T>(work: Generator<void, T>): Promise<T> {
  for (;;) {
    if (isTurnOver()) await nextTurn();
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

function demand(): void {
  if (isDue) return;
  isDue = true;
  setImmediate(begin);
}

function begin(): void {
  isDue = false;
  turnBegan = null;
  if (waiting.length === 0) return;
  turnBegan = performance.now();
  goOn();
}

/** Hands the turn to the work that has waited longest, and to the next when that has yielded or ended. */
function goOn(): void {
  sliceBegan = performance.now();
  const isSpent = turnBegan === null || sliceBegan - turnBegan >= TURN;
  if (!isSpent) waiting.shift()?.();
  if (isSpent || waiting.length === 0) demand();
  // What was resumed runs as microtasks; ticks come after the last of them.
  else queueMicrotask(() => process.nextTick(goOn));
}
