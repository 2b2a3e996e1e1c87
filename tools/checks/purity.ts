import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { Check } from './check.ts';
import { ROOT, sourceFiles } from './source-files.ts';

const PURE = /^(aggregates\/|contracts\/|[^/]+\/core\/)/;
const TEST = /\.test\.ts$|\/testing\//;

/** No chance in what must be pure; clocks, timers and other globals are found by the style check (biome.json). */
export const purity: Check = {
  name: 'purity',
  run: async () => {
    const files = sourceFiles(['.ts']).filter((file) => PURE.test(file) && !TEST.test(file));
    const problems = files.flatMap((file) => impurities(file, readFileSync(join(ROOT, file), 'utf8')));
    return { problems, note: `${files.length} files` };
  },
};

/** Where a source uses Math.random, also by its name in brackets or taken out of Math. */
export function impurities(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isRandom(node)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      found.push(`${path}:${line + 1}: Math.random; take a seeded source as an argument`);
    }
    node.forEachChild(visit);
  };
  visit(source);
  return found;
}

function isRandom(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return isMath(node.expression) && node.name.text === 'random';
  if (ts.isElementAccessExpression(node)) {
    const { expression, argumentExpression: name } = node;
    return isMath(expression) && ts.isStringLiteralLike(name) && name.text === 'random';
  }
  if (!ts.isVariableDeclaration(node) || !ts.isObjectBindingPattern(node.name)) return false;
  if (node.initializer === undefined || !isMath(node.initializer)) return false;
  return node.name.elements.some((e) => (e.propertyName ?? e.name).getText() === 'random');
}

const isMath = (node: ts.Node): boolean => ts.isIdentifier(node) && node.text === 'Math';
