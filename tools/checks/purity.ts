import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { Check } from './check.ts';
import { ROOT, sourceFiles } from './source-files.ts';

const PURE = /^(aggregates\/|contracts\/|[^/]+\/core\/)/;
const TEST = /\.test\.ts$|\/testing\//;

/**
 * Pure code uses no clock, no time zone of the machine and no randomness. Timers, consoles and other globals are found
 * by the style check (biome.json), which can only ban a name as a whole.
 */
export const purity: Check = {
  name: 'purity',
  run: async () => {
    const files = sourceFiles(['.ts']).filter((file) => PURE.test(file) && !TEST.test(file));
    const problems = files.flatMap((file) => impurities(file, readFileSync(join(ROOT, file), 'utf8')));
    return { problems, note: `${files.length} files` };
  },
};

/** Where a source uses Math.random or a Date that does not depend on one instant alone, however it is reached. */
export function impurities(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const fault = isRandom(node) ? RANDOM : isImpureDate(node) ? DATE : null;
    if (fault !== null) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      found.push(`${path}:${line + 1}: ${fault}`);
    }
    node.forEachChild(visit);
  };
  visit(source);
  return found;
}

const RANDOM = 'Math.random; take a seeded source as an argument';
const DATE = 'of Date only new Date(ms), Date.UTC and its type depend on the arguments alone';

/** Any use of the global but `new Date(x)` and `Date.UTC`: Date.now, Date(), new Date(), local times, the name as a value. */
function isImpureDate(node: ts.Node): boolean {
  if (!ts.isIdentifier(node) || node.text !== 'Date') return false;
  const { parent } = node;
  if (ts.isNewExpression(parent) && parent.expression === node) {
    const [only, ...more] = parent.arguments ?? [];
    return only === undefined || more.length > 0 || ts.isSpreadElement(only);
  }
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node && parent.name.text !== 'UTC';
  // A type, or a name that a record gives to something of its own.
  if (ts.isTypeReferenceNode(parent)) return false;
  return !((ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)) && parent.name === node);
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
