import { ERRORS, type ErrorCode, isErrorCode } from '#contracts/errors.ts';
import { FIXES } from '#contracts/fixes.ts';
import { isRecord } from '#contracts/is-record.ts';
import { cutText } from '#contracts/text/shown.ts';

/** A part of a sentence: code is what is typed as it stands. */
export interface Part {
  text: string;
  code: boolean;
}

/** Why something was refused, and what to do, for the reader. */
export interface RefusalWords {
  /** HTTP status of the code. */
  status: number;
  /** What the code means, in plain words. */
  cause: string;
  fix: Part[];
}

const UNKNOWN: Part[] = [
  { text: 'A newer Millrace gave this code: its docs/ERRORS.md says more.', code: false },
];

/** Returns what a code means and what to do about it; every code of the closed list has both. */
export function refusalWords(code: string, status?: number): RefusalWords {
  if (!isErrorCode(code)) return { status: status ?? 0, cause: code, fix: UNKNOWN };
  return { status: status ?? ERRORS[code].status, cause: ERRORS[code].title, fix: fixParts(code) };
}

/** The text of a fix, with code apart; of a link only its words. */
export const fixParts = (code: ErrorCode): Part[] => partsOf(FIXES[code]);

/** Splits Markdown of one line at its back quotes. */
export function partsOf(markdown: string): Part[] {
  return markdown
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .split('`')
    .map((text, i) => ({ text, code: i % 2 === 1 }))
    .filter(({ text }) => text !== '');
}

/** The name of the event in what was refused, where that can be read: of a text that was cut it cannot. */
export function refusedEvent(body: string): string {
  try {
    const read: unknown = JSON.parse(body);
    return isRecord(read) && typeof read.event === 'string' ? cutText(read.event, 80) : '';
  } catch {
    return '';
  }
}

/** Kinds of senders, by the address that they came from. */
const NETWORKS: Record<string, string> = {
  loopback: 'this machine',
  private: 'own network',
  public: 'internet',
};

/** Who sent what was refused: `curl/8.5.0, this machine`. */
export function senderText({ agent, network }: { agent?: string; network?: string }): string {
  const program = agent?.startsWith('Mozilla/') ? 'browser' : agent?.split(' ')[0];
  return [program, network === undefined ? undefined : (NETWORKS[network] ?? network)]
    .filter((text) => text !== undefined && text !== '')
    .join(', ');
}
