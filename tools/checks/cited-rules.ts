/** A number of a rule that is named at a line. */
export interface Citation {
  line: number;
  rule: number;
}

/** "rule 4", "Rules 1, 2 and 3", also over the break of a line or a comment; and the names of weakened copies, "rule: '4: …". */
const CITED = /\brules?(?:[\s*/#]+|:\s*')(\d+(?:(?:,?[\s*/#]+(?:and|or)[\s*/#]+|,[\s*/#]*)\d+)*)/gi;
const STATED = /^## Rule (\d+)\b/gm;
const SECTION = /^## /m;
const TEST_FILE = /`[^`\n]+\.test\.ts`/;

/** Every rule that a text names by number. */
export function citedRules(text: string): Citation[] {
  return [...text.matchAll(CITED)].flatMap(({ 1: numbers = '', index }) => {
    const line = text.slice(0, index).split('\n').length;
    return (numbers.match(/\d+/g) ?? []).map((rule) => ({ line, rule: Number(rule) }));
  });
}

/** The numbers of the rules that the document of rules states: those of its headings. */
export const statedRules = (document: string): Set<number> =>
  new Set([...document.matchAll(STATED)].map((match) => Number(match[1])));

/** Titles of rules of the document that name no test. */
export const unguardedRules = (document: string): string[] =>
  document
    .split(SECTION)
    .slice(1)
    .filter((section) => !TEST_FILE.test(section))
    .map((section) => section.split('\n', 1)[0]!);
