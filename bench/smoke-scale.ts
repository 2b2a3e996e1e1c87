/**
 * A folder named by BENCH_SMOKE asks for a run of a moment, which tells that a bench works and nothing about speed:
 * its result goes there. null for a run in full, whose result goes to `results`.
 */
export const SMOKE = process.env.BENCH_SMOKE ?? null;

/** How much of something a bench does: in full, or for a moment. */
export const scaled = <T>(full: T, moment: T): T => (SMOKE === null ? full : moment);
