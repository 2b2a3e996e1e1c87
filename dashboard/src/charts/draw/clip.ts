/** Code units of one visible character, as far as names have them: a family of emoji has eleven. */
const LONGEST_GRAPHEME = 12;
const segmenter = new Intl.Segmenter();
/** What a reader sees as characters: none of them is cut in half. */
const graphemesOf = (text: string): string[] => [...segmenter.segment(text)].map(({ segment }) => segment);

interface Measure {
  measureText(text: string): { width: number };
}

/** The text, or as much of its beginning as fits with an ellipsis behind it. */
export function clip(context: Measure, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  // A pixel has room for less than one code unit, of letters as of emoji: the text beyond needs no segmenting.
  const parts = graphemesOf(text.slice(0, Math.ceil(Math.max(0, width)) + LONGEST_GRAPHEME));
  while (parts.length > 1 && context.measureText(`${parts.join('')}…`).width > width) parts.pop();
  return `${parts.join('')}…`;
}

/** The text, or as much of its end as fits with an ellipsis before it. */
function clipStart(context: Measure, text: string, width: number): string {
  const parts = graphemesOf(text.slice(-Math.ceil(Math.max(0, width)) - LONGEST_GRAPHEME));
  while (parts.length > 1 && context.measureText(`…${parts.join('')}`).width > width) parts.shift();
  return `…${parts.join('')}`;
}

/** Names beside each other: where their beginnings are alike as far as they fit, and their ends are not, they show their ends. */
export function clipApart(context: Measure, names: readonly { text: string; width: number }[]): string[] {
  const clipped = names.map(({ text, width }) => clip(context, text, width));
  const isCut = names.map(({ text }, i) => clipped[i] !== text);
  const alike = (all: readonly string[]): number => all.length - new Set(all).size;
  const ends = names.map(({ text, width }, i) => (isCut[i] ? clipStart(context, text, width) : text));
  return alike(ends) < alike(clipped) ? ends : clipped;
}
