import { nearestNames } from '#contracts/text/nearest-names.ts';

/** The names that look like the wanted one first, which may be misspelled; then the others as they came. */
export function nearestFirst(wanted: string, names: readonly string[]): string[] {
  const others = names.filter((name) => name !== wanted);
  const words = wanted.split(/[_.\s-]+/);
  const related = others.filter((name) => name.split(/[_.\s-]+/).some((word) => words.includes(word)));
  return [...new Set([...nearestNames(wanted, others), ...related, ...others])];
}
