/** How well a text fits what was typed, and the characters that do: pairs of begin and end. */
export interface Match {
  score: number;
  marks: readonly (readonly [number, number])[];
}

/** Of a word of the query: it begins the text, or a word of it, stands inside one, or its letters come one after the other. */
const SCORES = { starts: 4, begins: 3, inside: 2, spread: 1 };
/** Letters between two of a spread word; beyond it the likeness is chance. */
const MOST_SKIPPED = 4;

/** Matches each word of a query with a text, in any order. Returns null where one is not in it; no words fit everything. */
export function matchWords(query: string, text: string): Match | null {
  const lower = foldCase(text);
  const marks: (readonly [number, number])[] = [];
  let score = 0;
  for (const word of foldCase(query).split(/\s+/).filter(Boolean)) {
    const found = findWord(word, lower);
    if (found === null) return null;
    score += found.score;
    marks.push(...found.marks);
  }
  return { score, marks: joinMarks(marks) };
}

/** Lower case without accents, each character in its place. */
const foldCase = (text: string): string =>
  Array.from({ length: text.length }, (_, i) => {
    const [plain = ''] = text[i]!.normalize('NFD').toLowerCase();
    return plain;
  }).join('');

function findWord(word: string, text: string): Match | null {
  const places = placesOf(word, text);
  const begins = places.find((at) => isBegin(text, at));
  const at = begins ?? places[0];
  if (at !== undefined) return { score: scoreAt(at, begins !== undefined), marks: [[at, at + word.length]] };
  for (let begin = text.indexOf(word[0]!); begin !== -1; begin = text.indexOf(word[0]!, begin + 1)) {
    const marks = isBegin(text, begin) ? spread(word, text, begin) : null;
    if (marks !== null) return { score: SCORES.spread, marks };
  }
  return null;
}

const scoreAt = (at: number, begins: boolean): number =>
  at === 0 ? SCORES.starts : begins ? SCORES.begins : SCORES.inside;

function placesOf(word: string, text: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) places.push(at);
  return places;
}

const isBegin = (text: string, at: number): boolean => at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]!);

function spread(word: string, text: string, begin: number): (readonly [number, number])[] | null {
  const marks: (readonly [number, number])[] = [];
  let from = begin;
  for (const letter of word) {
    const at = text.indexOf(letter, from);
    if (at === -1 || (marks.length > 0 && at - from > MOST_SKIPPED)) return null;
    marks.push([at, at + 1]);
    from = at + 1;
  }
  return marks;
}

function joinMarks(marks: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const joined: [number, number][] = [];
  for (const [from, to] of [...marks].sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

/** Cuts a text at its marks: every second part, from the second on, is marked. */
export function cutAtMarks(text: string, marks: Match['marks']): string[] {
  const cuts = [0, ...marks.flat(), text.length];
  return cuts.slice(1).map((to, i) => text.slice(cuts[i], to));
}
