/** Epoch milliseconds. Passed in, so that the need for a clock is visible and tests can control it. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();
