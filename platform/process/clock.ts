/** Epoch milliseconds. Passed in, so that whoever needs the time says so and tests can hold it. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();
