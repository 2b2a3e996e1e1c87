/** What YAML reads as the text that it is, without quotes. */
const PLAIN = /^[A-Za-z][\w ().%/-]*$/;
/** Plain words that YAML has another meaning for. */
const OTHERWISE = /^(true|false|null|yes|no|on|off|y|n)$/i;

/** Returns a definition as YAML, one line a field: what is JSON is YAML too. */
export const codeOf = (definition: Readonly<Record<string, unknown>>): string =>
  Object.entries(definition)
    .map(([name, value]) => `${name}: ${valueText(value)}`)
    .join('\n');

const valueText = (value: unknown): string =>
  typeof value === 'string' && PLAIN.test(value) && !OTHERWISE.test(value) && value.trim() === value
    ? value
    : JSON.stringify(value);
