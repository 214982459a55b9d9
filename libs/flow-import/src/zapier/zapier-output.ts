import { parse, type Node, type Program } from 'acorn';

import { codeNames, isCodeNode, identifierName, type RawNode } from '../expressions/code-names.js';

/** Longer code is refused. */
const longest = 100_000;

/** The code of a step of Zapier as a function body that returns its result. */
export interface ZapierCodeText {
  readonly source: string;
  /** The result may be a list, which would repeat the steps behind this one. */
  readonly mayBeList: boolean;
}

/**
 * Zapier gives the code a variable `output`, and its value at the end is the result of code that returns nothing. Code
 * that does not parse stays as it is.
 */
export function zapierCodeText(source: string): ZapierCodeText {
  const [step] = parsed(source)?.body ?? [];
  if (step?.type !== 'FunctionDeclaration') return { source, mayBeList: false };
  const { free, declared } = codeNames(step.body.body);
  const mayBeList = resultsOf(step.body.body).some(({ type }) => type !== 'ObjectExpression');
  if (free.has('output')) return { source: `let output;\n${source}\nreturn output;`, mayBeList };
  return declared.has('output') ? { source: `${source}\nreturn output;`, mayBeList } : { source, mayBeList };
}

function parsed(source: string): Program | undefined {
  if (source.length > longest) return undefined;
  try {
    return parse(`function step() {\n${source}\n}`, { ecmaVersion: 2023, sourceType: 'module' });
  } catch {
    // The check of the code says why.
    return undefined;
  }
}

/** The values that the code returns or assigns to `output`. */
function resultsOf(body: readonly Node[]): readonly RawNode[] {
  const results: unknown[] = [];
  const pending: unknown[] = [body];
  while (pending.length > 0) {
    const node = pending.pop();
    if (Array.isArray(node)) for (const item of node as unknown[]) pending.push(item);
    if (!isCodeNode(node) || node.type.includes('Function')) continue;
    if (node.type === 'ReturnStatement') results.push(node['argument']);
    if (node.type === 'AssignmentExpression' && identifierName(node['left']) === 'output')
      results.push(node['right']);
    if (node.type === 'VariableDeclarator' && identifierName(node['id']) === 'output')
      results.push(node['init']);
    for (const child of Object.values(node)) {
      if (typeof child === 'object' && child !== null) pending.push(child);
    }
  }
  return results.filter(isCodeNode).filter((result) => identifierName(result) !== 'output');
}
