import type { HonestFigures } from './honest-client.ts';
import type { ProbeFigures } from './probe.ts';
import type { Levels } from './process-figures.ts';
import type { TurnFigures } from './read-turns.ts';

/** How one attack went. */
export interface Figures {
  attack: string;
  /** `over`, or what kept it from being over: the process ended, or all was not well again in time. */
  outcome: string;
  /** From the first byte of the attack until all was well again. */
  seconds: number;
  quiet: ProbeFigures;
  probe: ProbeFigures;
  /** Of the event loop, while it was attacked. */
  turns: TurnFigures;
  memory: Levels;
  descriptors: Levels;
  /** Null where the attack is alone with the process. */
  honest: { quietDelay: HonestFigures['delay']; during: HonestFigures } | null;
  /** What HTTP counts at the end for the honest client's events; null where it could not be asked. */
  counted: number | null;
  /** The attackers' answers, by status and code. */
  answers: Record<string, number>;
  notes: Record<string, string | number>;
  faults: string[];
  /** How long the stop took, and how the process ended; null when it had to be killed. */
  stop: { seconds: number; ended: number | string | null };
  /** Started again on the same folder; null where it did not become ready. */
  start: { seconds: number | null; counted: number | null };
  /** The last lines that it printed. */
  said: string;
}
