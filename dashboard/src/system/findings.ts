import type { SystemRecord } from '#contracts/log/system-record.ts';
import type { Formats } from '../format/formats.ts';
import { budgets, OLD_AFTER, shortId } from './system-figures.ts';

/** What is not as usual: what it is, what was measured, what to do. */
export interface Finding {
  id: string;
  title: string;
  cause: string;
  advice: string;
  /** Whether events are refused. */
  critical: boolean;
}

const REFUSING = ['disk_full', 'data_folder_lost'];
/** Of a budget; from here on somebody may soon be refused. */
const NEARLY_FULL = 0.8;

/** What the page knows of the system, and since when: times in epoch ms, null before the first. */
export interface Known {
  warnings: readonly { code: string; message: string; since: number }[];
  processes: readonly SystemRecord[];
  /** When `processes` were read. */
  asked: number | null;
  /** When the server was heard last. */
  heard: number | null;
  now: number;
  formats: Formats;
}

/** Returns what a reader should know first: that the server is away, what the processes warn of, what is nearly full, and who has fallen silent. */
export function findings({ warnings, processes, asked, heard, now, formats }: Known): Finding[] {
  const last = Math.max(asked ?? 0, heard ?? 0);
  const away: Finding[] =
    last === 0 || now - last <= OLD_AFTER
      ? []
      : [
          {
            ...{ id: 'away', title: 'The server does not answer this page', critical: false },
            cause: `nothing was heard for ${formats.age(now - last)}`,
            advice: 'The page retries by itself; what stands below is as it was.',
          },
        ];
  const warned = warnings.map(({ code, message, since }): Finding => {
    const { said, advice } = splitAdvice(message);
    return {
      id: code,
      title: said,
      cause: `for ${formats.age(now - since)}`,
      advice,
      critical: REFUSING.includes(code),
    };
  });
  const full = budgets(processes, formats)
    .filter((fill) => fill.share >= NEARLY_FULL)
    .map(
      ({ name, used, most, about, refused }): Finding => ({
        ...{ id: about, title: `${name}: ${used} of ${most}`, critical: false },
        cause: refused === 0 ? 'nothing was refused so far' : `${refused} refused so far`,
        advice: `Ask for less at once, or raise ${about}.`,
      }),
    );
  const silent = processes
    .filter(({ time }) => (asked ?? now) - time > OLD_AFTER)
    .map(
      ({ part, process, time }): Finding => ({
        ...{ id: process, title: `${part} ${shortId(process)} is silent`, critical: false },
        cause: `last report ${formats.age(now - time)} ago`,
        advice: 'See its log, and whether it still runs.',
      }),
    );
  return [...away, ...warned, ...full, ...silent].sort((a, b) => Number(b.critical) - Number(a.critical));
}

/** Warnings end with what to do; the first sentence says what is. */
function splitAdvice(message: string): { said: string; advice: string } {
  const [said = message, ...rest] = message.split(/(?<=[.!])\s+(?=[A-Z])/);
  return { said, advice: rest.join(' ') };
}
