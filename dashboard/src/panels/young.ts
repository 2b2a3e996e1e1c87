/** Younger than this the signal colour is due. */
const YOUNG = 2_000;

/** Whether something that happened at `time` is younger than two seconds; 0 is never. */
export const isYoung = (time: number, now: number): boolean => time > 0 && now - time < YOUNG;
