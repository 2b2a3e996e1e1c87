import { basename } from 'node:path';
import ts from 'typescript';

export interface FunctionSize {
  name: string;
  line: number;
  lines: number;
}

const TEST_CALLS = new Set(['describe', 'it', 'test']);

/**
 * Lines of every function of a source, nested ones included in the outer. A suite's callbacks are the items of a
 * list rather than one function, so they do not count for what encloses them, and `describe` is no function itself.
 */
export function functionSizes(path: string, text: string): FunctionSize[] {
  const source = ts.createSourceFile(basename(path), text, ts.ScriptTarget.Latest, true);
  const sizes: FunctionSize[] = [];
  const visit = (node: ts.Node): number => {
    let listed = 0;
    node.forEachChild((child) => {
      listed += visit(child);
    });
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return listed;
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
    const whole = source.getLineAndCharacterOfPosition(node.end).line - line + 1;
    const call = testCall(node);
    if (call !== 'describe') sizes.push({ name: nameOf(node), line: line + 1, lines: whole - listed });
    return call === null ? listed : whole;
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

function nameOf(node: ts.SignatureDeclaration): string {
  if (node.name !== undefined) return node.name.getText();
  const { parent } = node;
  return ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)
    ? parent.name.getText()
    : '(inline)';
}
