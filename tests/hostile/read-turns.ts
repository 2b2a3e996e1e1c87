import { readFile } from 'node:fs/promises';

/** A turn of the event loop that took long. */
export interface Turn {
  /** When it ended, epoch ms. */
  at: number;
  /** The same in µs of the clock that CPU profiles have. */
  clock: number;
  /** CPU time of the loop's thread. */
  ms: number;
}

export interface TurnFigures {
  longest: number;
  /** Turns that took longer than 50 and 100 ms. */
  over: { ms50: number; ms100: number };
}

/** What `record-turns.ts` has written of a time. */
export async function readTurns(
  file: string,
  { from, to }: { from: number; to: number },
): Promise<TurnFigures> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const turns = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Turn)
    .filter(({ at }) => at >= from && at <= to)
    .map(({ ms }) => ms);
  const longer = (than: number): number => turns.filter((ms) => ms > than).length;
  return { longest: Math.round(Math.max(0, ...turns)), over: { ms50: longer(50), ms100: longer(100) } };
}
