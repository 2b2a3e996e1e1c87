import type { Params } from './engine-connection.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\0': '\\0',
};

/** A text as a ClickHouse string literal. */
export const quoteText = (text: string): string => `'${text.replace(/[\\'\n\r\t\0]/g, (c) => ESCAPES[c]!)}'`;

/** A name as a ClickHouse identifier. */
export const quoteName = (name: string): string => `\`${name.replace(/[\\`]/g, (c) => `\\${c}`)}\``;

/**
 * Puts values in the place of `{name:Type}`, as quoted literals cast to the type. Done here, for both adapters
 * alike, because the engine's own binding serialises the whole process in chDB. Values from outside go through here
 * only: a quoted text inside `sql` itself would be searched for placeholders. Throws on a placeholder without a
 * value and on a number that is not finite: both are bugs.
 */
export function bindParams(sql: string, params: Params): string {
  return sql.replace(/\{(\w+):([A-Za-z0-9()]+)\}/g, (_, name: string, type: string) => {
    if (!Object.hasOwn(params, name)) throw new TypeError(`The SQL names ${name}; no such parameter.`);
    return `CAST(${literal(name, params[name]!)}, ${quoteText(type)})`;
  });
}

function literal(name: string, value: Params[string]): string {
  if (typeof value === 'string') return quoteText(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`Parameter ${name} is ${value}.`);
    return quoteText(String(value));
  }
  return `[${value.map(quoteText).join(', ')}]`;
}
