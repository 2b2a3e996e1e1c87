import { type Condition, type Filter, isCondition, type TextOperator } from '#contracts/filter/filter.ts';
import { certainGroups, groupFilter } from '#contracts/filter/group-filter.ts';
import { MISSING, OTHER } from '#contracts/metric/dimension.ts';
import { quoteText } from '../connection/bind-params.ts';
import type { Params } from '../connection/engine-connection.ts';
import type { PropertySql } from './property-texts.ts';

interface FilterPlace {
  /** What the names of the parameters begin with. */
  name: string;
  property: (path: string) => Omit<PropertySql, 'tag'>;
}

export interface FilterSql {
  /** All must hold. */
  conditions: string[];
  params: Params;
}

/** A filter as SQL: the same truth as `compileFilter`, bit for bit. Operands are parameters. */
export function filterSql(filters: readonly Filter[], place: FilterPlace): FilterSql {
  const params: Record<string, Params[string]> = {};
  const bind = (value: Params[string], type: string): string => {
    const name = `${place.name}${Object.keys(params).length}`;
    params[name] = value;
    return `{${name}:${type}}`;
  };
  return { conditions: filters.map((filter) => nodeSql(filter, { bind, property: place.property })), params };
}

interface Writing {
  bind: (value: Params[string], type: string) => string;
  property: FilterPlace['property'];
}

function nodeSql(filter: Filter, writing: Writing): string {
  if (isCondition(filter)) return conditionSql(filter, writing);
  if (filter.op === 'not') return `NOT ${nodeSql(filter.of, writing)}`;
  return `(${filter.of.map((one) => nodeSql(one, writing)).join(filter.op === 'and' ? ' AND ' : ' OR ')})`;
}

const COMPARE = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

function conditionSql(condition: Condition, { bind, property }: Writing): string {
  const of = property(condition.path);
  switch (condition.op) {
    case 'in':
    case 'notIn': {
      const found = `(${of.isText} AND ${of.text} IN ${bind(condition.values, 'Array(String)')})`;
      return condition.op === 'in' ? found : `NOT ${found}`;
    }
    case 'exists':
      return `(NOT ${of.isMissing})`;
    case 'contains':
    case 'startsWith':
    case 'endsWith':
    case 'matches':
      return `(${of.isText} AND NOT ${of.isMissing} AND ${TEXT_TESTS[condition.op](of.text, condition.text, bind)})`;
    case 'between': {
      const [from, to] = [bind(condition.from, 'Float64'), bind(condition.to, 'Float64')];
      return `(${of.isNumber} AND ${of.number} >= ${from} AND ${of.number} <= ${to})`;
    }
    default:
      return `(${of.isNumber} AND ${of.number} ${COMPARE[condition.op]} ${bind(condition.value, 'Float64')})`;
  }
}

type TextTest = (text: string, wanted: string, bind: Writing['bind']) => string;

const TEXT_TESTS: Readonly<Record<TextOperator, TextTest>> = {
  contains: (text, wanted, bind) => `position(${text}, ${bind(wanted, 'String')}) > 0`,
  startsWith: (text, wanted, bind) => `startsWith(${text}, ${bind(wanted, 'String')})`,
  endsWith: (text, wanted, bind) => `endsWith(${text}, ${bind(wanted, 'String')})`,
  matches: (text, wanted, bind) => `match(${text}, ${bind(`${wanted}${NO_SHORTCUT}`, 'String')})`,
};

/**
 * An alternative that nothing fits. Without one, ClickHouse looks for a text that a pattern seems to need before it asks RE2,
 * byte by byte: of `😀*` it needs three bytes, and finds nothing in an empty text, which fits.
 */
const NO_SHORTCUT = '|[^\\s\\S]';

/** What JSON reads as a number: `numberOf` in contracts/filter. */
const NUMBER = '^-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$';

/** How a group's dimensions are written, and what the names of parameters begin with. */
interface GroupPlace {
  name: string;
  textOf: (dimension: string) => string;
}

/** A view's filter as SQL over the texts of dimensions: the same truth as `compileGroupFilter`. */
export const groupFilterSql = (filters: readonly Filter[], place: GroupPlace): FilterSql =>
  guardedSql(groupFilter(filters), place);

/** Whether a group hides events from a view, as SQL: the same truth as `compileHiding`. One condition. */
export function hidingSql(
  { where, groupBy }: { where: readonly Filter[]; groupBy: readonly string[] },
  place: GroupPlace,
): FilterSql {
  const { name, textOf } = place;
  const other = quoteText(OTHER);
  const isNameless = `(${['false', ...groupBy.map((dimension) => `${textOf(dimension)} = ${other}`)].join(' OR ')})`;
  const certain = certainGroups(where);
  if (certain.outside === null) return { conditions: [isNameless], params: {} };
  const inside = guardedSql(certain.inside, { name: `${name}In`, textOf });
  const outside = guardedSql([certain.outside], { name: `${name}Out`, textOf });
  const isOpen = `(${isNameless} OR NOT (${inside.conditions.join(' AND ')}))`;
  return {
    conditions: [`(${isOpen} AND NOT (${outside.conditions.join(' AND ')}))`],
    params: { ...inside.params, ...outside.params },
  };
}

const guardedSql = (filters: readonly Filter[], { name, textOf }: GroupPlace): FilterSql =>
  filterSql(filters, {
    name,
    property(dimension) {
      const text = textOf(dimension);
      const isNumber = `match(${text}, ${quoteText(NUMBER)})`;
      return {
        text,
        isText: 'true',
        isMissing: `(${text} = ${quoteText(MISSING)})`,
        number: `toFloat64OrZero(${text})`,
        isNumber,
        isFinite: isNumber,
      };
    },
  });
