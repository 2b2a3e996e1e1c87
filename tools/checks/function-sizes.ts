import { basename } from 'node:path';
import ts from 'typescript';

export interface FunctionSize {
  name: string;
  line: number;
  lines: number;
}

const TEST_CALLS = new Set(['describe', 'it', 'test']);

/**
 * Lines of every function of a source. A function that declares others (a factory with its closures, one that returns an
 * object of methods, or a class) counts the line where each begins and leaves the rest of it to that one's own count.
 * Callbacks without a name are statements of what encloses them and count in full. A suite's callbacks are the items of
 * a list, so they do not count for what encloses them, and `describe` is no function itself.
 */
export function functionSizes(path: string, text: string): FunctionSize[] {
  const source = ts.createSourceFile(basename(path), text, ts.ScriptTarget.Latest, true);
  const sizes: FunctionSize[] = [];
  /** Returns how many lines of the node do not count for what encloses it. */
  const visit = (node: ts.Node): number => {
    let apart = 0;
    node.forEachChild((child) => {
      apart += visit(child);
    });
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return apart;
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
    const whole = source.getLineAndCharacterOfPosition(node.end).line - line + 1;
    const call = testCall(node);
    const name = nameOf(node);
    if (call !== 'describe') sizes.push({ name: name ?? '(inline)', line: line + 1, lines: whole - apart });
    if (call !== null) return whole;
    return name === null ? apart : whole - 1;
  };
  visit(source);
  return sizes;
}

/** `describe`, `it` or `test` when the function is the callback of such a call, also of `it.each(…)(…)`. */
function testCall(node: ts.Node): string | null {
  if (!ts.isCallExpression(node.parent) || !node.parent.arguments.includes(node as ts.Expression))
    return null;
  let callee: ts.Expression = node.parent.expression;
  while (ts.isPropertyAccessExpression(callee) || ts.isCallExpression(callee)) callee = callee.expression;
  return ts.isIdentifier(callee) && TEST_CALLS.has(callee.text) ? callee.text : null;
}

function nameOf(node: ts.SignatureDeclaration): string | null {
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  if (node.name !== undefined) return node.name.getText();
  const { parent } = node;
  const named =
    ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent);
  return named ? parent.name.getText() : null;
}
