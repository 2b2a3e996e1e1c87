import { RE2JS } from 're2js';
import type { Test } from './compile-filter.ts';

/**
 * Makes the test of a pattern: whether it is found anywhere in a text, in time linear in the text. As ClickHouse's `match`,
 * whose `.` is also an end of line, and which tells upper from lower case. Throws for what `refusalOfPattern` does not take.
 */
export function compilePattern(pattern: string): Test<string> {
  const compiled = RE2JS.compile(pattern, RE2JS.DOTALL);
  return (text) => compiled.test(text);
}
