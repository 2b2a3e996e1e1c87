/**
 * A step of gateway `g`: a step of its join, records applied, a read of the Store begun or ended, requests answered,
 * frames sent, a definition read, or views moved to the served version. `run` does everything that is possible now.
 */
type GatewayStep =
  | { do: 'join' | 'crash' | 'begin' | 'sweep' | 'run' | 'learn' | 'follow'; g: number }
  | { do: 'apply'; g: number; records: number }
  | { do: 'finish'; g: number; nth: number; fails: boolean }
  /** Impatient: a client that has waited long enough is answered from the current state. */
  | { do: 'answer'; g: number; patient: boolean }
  /** Client `lag` has no credit left; `all` also sends what brings nothing new. */
  | { do: 'flush'; g: number; lag: number | null; all: boolean };

/** A step of client `c`, which has one view: it takes the next message, or the same twice, or loses it; `late`: an
 * earlier frame comes once more. */
type ClientStep =
  | { do: 'connect'; c: number; g: number }
  | { do: 'hang-up'; c: number }
  | { do: 'timer'; c: number }
  | { do: 'deliver'; c: number; how: 'all' | 'once' | 'twice' | 'lost' | 'late' };

export type LiveStep = GatewayStep | ClientStep | { do: 'renew' };
export type LiveOp = { op: 'live' } & LiveStep;
