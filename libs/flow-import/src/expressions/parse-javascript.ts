import { parseExpressionAt, type Expression } from 'acorn';

import { UntranslatableError } from '../read/flow-import.errors.js';

const longest = 20_000;
const deepest = 60;
const mostLinks = 800;

/** Parses one JavaScript expression. Nothing is evaluated. Throws `UntranslatableError`. */
export function parseJavaScript(source: string): Expression {
  if (source.length > longest) throw new UntranslatableError('an expression longer than 20,000 characters');
  if (nesting(source) > deepest)
    throw new UntranslatableError(`an expression nested deeper than ${deepest} levels`);
  // A chain such as a.a.a or a + a + a is as deep as it is long.
  const links = source.match(/[-+*/%&|<>=?.!~]|typeof|void/g)?.length ?? 0;
  if (links > mostLinks) throw new UntranslatableError(`an expression of more than ${mostLinks} operators`);
  let node: Expression;
  try {
    node = parseExpressionAt(source, 0, { ecmaVersion: 2023 });
  } catch (error) {
    throw new UntranslatableError('an expression that is no JavaScript', { cause: error });
  }
  if (/[^\s;]/.test(source.slice(node.end))) throw new UntranslatableError('text behind an expression');
  return node;
}

/** An upper bound of the depth of the tree, which bounds every recursion over it. */
function nesting(source: string): number {
  let depth = 0;
  let most = 0;
  for (const char of source) {
    if ('([{?'.includes(char)) most = Math.max(most, (depth += 1));
    else if (')]}:'.includes(char)) depth = Math.max(0, depth - 1);
  }
  return most;
}

export type { Expression as JsExpression, Node as JsNode } from 'acorn';
