import type { Attacker } from './attacker.ts';

/** Where an attack takes place. */
export interface Stage {
  url: string;
  port: number;
  /** The operator's key where the attack has one. */
  key: string | null;
  /** All variants, and more of each. */
  long: boolean;
  attacker: Attacker;
  /** Open files and sockets of the process now. */
  descriptors(): number;
  /** Aborted when the time of the attack is over. */
  over: AbortSignal;
  /** Keeps a connection open while the process stops; `end` closes it afterwards. */
  leaveOpen(end: () => void): void;
  /** A figure of this attack alone, for the report. */
  note(name: string, value: string | number): void;
  /** Reports something that must not happen. */
  fault(words: string): void;
}

export interface Attack {
  name: string;
  /** What is tried, and what it must not do. */
  what: string;
  env?: Record<string, string>;
  /** With a key of the operator, which every caller needs one for then. */
  keyed?: true;
  /** Without a client that posts and watches: for what needs a process without other data. */
  alone?: true;
  /** Before the process starts. */
  prepare?(data: string): Promise<void>;
  /** Before the client that posts and watches. */
  setUp?(stage: Stage): Promise<void>;
  run(stage: Stage): Promise<void>;
  /** After all figures are taken: opens what shall be open while the process stops. */
  beforeStop?(stage: Stage): Promise<void>;
  /** After the process has stopped. */
  inspect?(data: string, fault: (words: string) => void): Promise<void>;
}

/** Of the operator's key, where there is one. */
export const OPERATOR_KEY = 'hostile-suite-operator-key-0123456789';
