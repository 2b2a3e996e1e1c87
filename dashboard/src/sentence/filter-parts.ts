import { pathsIn } from '#contracts/filter/filter.ts';
import { readTextForm } from '#contracts/filter/text-form.ts';
import { formatText } from '#contracts/filter/text-print.ts';
import { type Token, tokenAt } from '#contracts/filter/text-tokens.ts';
import { formatWhere, parseWhere, type Where } from '#contracts/filter/where.ts';

/**
 * Cuts a filter text into the conditions that must all hold, as they are written and in their order. A text with an `or` on
 * top is one; so is one that cannot be read.
 */
export function partsOf(where: string): string[] {
  const text = where.trim();
  if (text === '') return [];
  if (!readTextForm(text, '').ok) return [text];
  const cuts: Token[] = [];
  let depth = 0;
  let between = false;
  for (const token of tokensOf(text)) {
    if (token.kind === 'sign' && token.text.startsWith('(')) depth++;
    else if (token.kind === 'sign' && token.text.startsWith(')')) depth--;
    if (token.kind !== 'word' || depth > 0) continue;
    const word = token.text.toLowerCase();
    if (word === 'or') return [text];
    if (word === 'between') between = true;
    else if (word === 'and' && between) between = false;
    else if (word === 'and') cuts.push(token);
  }
  const ends = [...cuts.map(({ at }) => at), text.length];
  return ends.map((end, i) => text.slice(i === 0 ? 0 : cuts[i - 1]!.end, end).trim());
}

function* tokensOf(text: string): Generator<Token> {
  for (let token = tokenAt(text, 0); token.kind !== 'end'; token = tokenAt(text, token.end)) yield token;
}

/** Joins conditions to one text; a part with an `or` on top gets parentheses where it stands beside others. */
export function joinParts(parts: readonly string[]): string {
  const said = parts.map((part) => part.trim()).filter((part) => part !== '');
  if (said.length === 1) return said[0]!;
  return said.map((part) => (hasOr(part) ? `(${part})` : part)).join(' and ');
}

const hasOr = (part: string): boolean => {
  let depth = 0;
  for (const { kind, text } of tokensOf(part)) {
    if (kind === 'sign' && text === '(') depth++;
    else if (kind === 'sign' && text === ')') depth--;
    else if (kind === 'word' && depth === 0 && text.toLowerCase() === 'or') return true;
  }
  return false;
};

/** Returns why a filter text cannot be read, in words for the reader; null where it can. */
export function faultOfFilter(text: string): string | null {
  const read = parseWhere(text, '');
  return read.ok ? null : sentence(read.fault.message);
}

const sentence = (message: string): string => message.replace(/^./, (first) => first.toUpperCase());

/** The text of a filter as definitions have it, in either form; the filter is the same. */
export function textOfWhere(where: Where | null | undefined): string {
  if (typeof where === 'string') return where;
  const read = parseWhere(where);
  return read.ok ? formatText(read.value) : '';
}

/** The object of a filter text, which definitions are written with; the text itself where it cannot be read. */
export function whereOfText(text: string): Where {
  const read = parseWhere(text);
  return read.ok ? formatWhere(read.value) : text;
}

/** The properties that a filter text reads; none where it cannot be read. */
export function pathsOfText(text: string): string[] {
  const read = parseWhere(text);
  return read.ok ? pathsIn(read.value) : [];
}
