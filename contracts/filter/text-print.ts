import { MISSING } from '../metric/dimension.ts';
import { type Condition, type Filter, isCondition } from './filter.ts';
import { isName, isReserved, isWord, numberOf } from './filter-words.ts';

/**
 * The filter as the text form, which is read back to the same filter: equal filters have equal text. It may be longer than
 * what is read, where lists are long.
 */
export const formatText = (filters: readonly Filter[]): string =>
  filters.map((filter) => formatFilter(filter, filters.length > 1)).join(' and ');

/** `isInner`: beside others or after `not`, so that `or` and `and` need parentheses. */
function formatFilter(filter: Filter, isInner: boolean): string {
  if (isCondition(filter)) return formatCondition(filter);
  if (filter.op === 'not') return `not ${formatFilter(filter.of, true)}`;
  const text = filter.of.map((one) => formatFilter(one, true)).join(` ${filter.op} `);
  return isInner ? `(${text})` : text;
}

const SIGNS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;
const WORDS = {
  contains: 'contains',
  startsWith: 'starts with',
  endsWith: 'ends with',
  matches: 'matches',
} as const;

/** One condition as text. */
export function formatCondition(condition: Condition): string {
  const path = formatPath(condition.path);
  switch (condition.op) {
    case 'in':
    case 'notIn':
      return `${path} ${formatList(condition.op, condition.values)}`;
    case 'between':
      return `${path} between ${condition.from} and ${condition.to}`;
    case 'exists':
      return `${path} exists`;
    case 'contains':
    case 'startsWith':
    case 'endsWith':
    case 'matches':
      return `${path} ${WORDS[condition.op]} ${formatWord(condition.text)}`;
    default:
      return `${path} ${SIGNS[condition.op]} ${condition.value}`;
  }
}

function formatList(op: 'in' | 'notIn', values: readonly string[]): string {
  const [first, ...more] = values.map(formatValue);
  if (more.length === 0) return `${op === 'in' ? '=' : '!='} ${first}`;
  return `${op === 'in' ? 'in' : 'not in'} (${[first, ...more].join(', ')})`;
}

const formatPath = (path: string): string => (isWord(path) && isName(path) ? path : JSON.stringify(path));

const formatWord = (text: string): string =>
  isWord(text) && !isReserved(text) ? text : JSON.stringify(text);

function formatValue(text: string): string {
  if (text === MISSING) return 'null';
  const number = numberOf(text);
  const isSame = text !== 'null' && (number === null || String(number) === text);
  return isSame ? formatWord(text) : JSON.stringify(text);
}
