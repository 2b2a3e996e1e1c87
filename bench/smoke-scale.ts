/**
 * The folder named by BENCH_SMOKE, which asks for a short run that shows that a bench works and says nothing about speed;
 * its result goes there. Null for a full run, whose result goes to `results`.
 */
export const SMOKE = process.env.BENCH_SMOKE ?? null;

/** The size of a run of a bench: full, or short. */
export const scaled = <T>(full: T, moment: T): T => (SMOKE === null ? full : moment);
