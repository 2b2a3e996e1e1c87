import type { Random } from '../../embedded/demo/traffic/seeded-random.ts';
import type { Part } from './member.ts';

/** One thing that is done to a member, `at` ms after the run's load began. */
export interface Action {
  member: string;
  part: Part;
  kind: 'kill' | 'pause';
  at: number;
  /** ms until it is started again or resumed. */
  lasts: number;
}

/** After a second an orchestrator starts again what was killed. */
const RESTART_AFTER = 1_000;
const PAUSE = 5_000;
/** Longer than a session: the aggregator's partitions move meanwhile, and it comes back as a zombie. */
const LONG_PAUSE = 9_000;
const SPREAD = 3_000;
/** Shares of runs with a given member in them. */
const BROKER_SHARE = 0.15;
const SERVICE_SHARE = 0.35;
/** In every fifth run the broker is killed beside all else; it takes some 12 s to come back. */
const BROKER_KILL_EVERY = 5;

interface Candidate {
  name: string;
  part: Part;
}

/** Any combination of members, at least one, each killed or paused at a time of its own. */
export function planRun(random: Random, run: number, members: readonly Candidate[]): Action[] {
  const killsBroker = run % BROKER_KILL_EVERY === BROKER_KILL_EVERY - 1;
  const isChosen = ({ part }: Candidate): boolean => {
    if (part === 'broker' && killsBroker) return true;
    return random() < (part === 'broker' ? BROKER_SHARE : SERVICE_SHARE);
  };
  const chosen = members.filter(isChosen);
  if (chosen.length === 0) chosen.push(members[Math.floor(random() * members.length)]!);
  return chosen
    .map(({ name, part }): Action => {
      const kind = random() < 0.5 || (part === 'broker' && killsBroker) ? 'kill' : 'pause';
      const pause = part === 'aggregator' && random() < 0.5 ? LONG_PAUSE : PAUSE;
      const lasts = kind === 'kill' ? RESTART_AFTER : pause;
      return { member: name, part, kind, at: Math.floor(random() * SPREAD), lasts };
    })
    .sort((a, b) => a.at - b.at);
}

export const describeAction = ({ member, kind, at, lasts }: Action): string =>
  `${kind} ${member} at ${at} ms${kind === 'pause' ? ` for ${lasts} ms` : ''}`;
