import type { Member } from './member.ts';

/** The end of what a member has printed, under its name. */
export const lastLines = ({ name, output }: Member, lines = 15): string =>
  `--- ${name}, its last lines:\n${output().trimEnd().split('\n').slice(-lines).join('\n')}`;
