import { parse, type Node, type Program } from 'acorn';

import type { Hazard } from '../model/hazards.js';
import { UntranslatableError } from '../read/flow-import.errors.js';
import { CodeFindings } from './code-findings.js';
import { codeNames, isCodeNode } from './code-names.js';

/** A code step, with its clock and its random numbers replaced by recorded ones. */
export interface CodeBody {
  readonly source: string;
  /** The members of the scope that it uses, as a pattern destructures them: `$json`, `now: recordedNow`. */
  readonly parameters: readonly string[];
  /** Names of other nodes that it reads. */
  readonly nodes: readonly string[];
  readonly usesClock: boolean;
  readonly usesRandom: boolean;
  readonly hazards: readonly Hazard[];
}

const scopeNames = ['$', '$input', '$json', '$node', 'inputData', 'item', 'items'];
/** Globals that read nothing but their arguments. All others are refused. */
const knownGlobals = new Set(
  (
    'Array BigInt Boolean Date Error Infinity Intl JSON Map Math NaN Number Object RangeError RegExp Set String Symbol ' +
    'TypeError URL URLSearchParams WeakMap WeakSet console decodeURI decodeURIComponent encodeURI encodeURIComponent ' +
    'isFinite isNaN parseFloat parseInt structuredClone undefined'
  ).split(' '),
);
const mostBytes = 100_000;
/** A nesting that no function written by hand has. The parser is recursive. */
const deepestCode = 100;
/** Marks that make an editor show code in another order than it runs. */
const bidirectional = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/**
 * Checks the body of a code step. Nothing runs. Throws `UntranslatableError` with the reason.
 *
 * The body stands in a function of a module, so it must be the whole body of one: code that closes the function, or
 * that only the sloppy mode takes, is refused.
 */
export function codeBody(source: string): CodeBody {
  if (source.length > mostBytes) throw new UntranslatableError('code longer than 100,000 characters');
  if (bracketDepth(source) > deepestCode) throw new UntranslatableError('code nested too deep');
  if (bidirectional.test(source)) throw new UntranslatableError('code with marks of the writing direction');
  const prefix = 'function step() {\n';
  const body = bodyOf(parsed(`${prefix}${source}\n}`));
  const names = codeNames(body);
  const injected = {
    now: freeName('now', 'recordedNow', names.all),
    random: freeName('random', 'recordedRandom', names.all),
  };
  const found = new CodeFindings(names, injected);
  found.visit(body);
  const unknown = [...names.free.keys()].find(
    (name) => !knownGlobals.has(name) && !scopeNames.includes(name),
  );
  const reason = found.reasons[0] ?? (unknown === undefined ? undefined : `code that uses ${unknown}`);
  if (reason !== undefined) throw new UntranslatableError(reason);
  let text = source;
  // A function whose parameters are a pattern may have no `'use strict'`, and a module is strict without it.
  const directives = body
    .filter((statement) => isCodeNode(statement) && typeof statement['directive'] === 'string')
    .map((statement) => ({ ...(statement as Node), by: '' }));
  for (const { start, end, by } of [...found.edits, ...directives].toSorted((a, b) => b.start - a.start)) {
    text = text.slice(0, start - prefix.length) + by + text.slice(end - prefix.length);
  }
  return {
    source: text,
    parameters: [
      ...scopeNames.filter((name) => names.free.has(name)),
      ...(found.clock ? [member('now', injected.now)] : []),
      ...(found.random ? [member('random', injected.random)] : []),
    ],
    nodes: [...found.nodes],
    usesClock: found.clock,
    usesRandom: found.random,
    hazards: [
      'code',
      ...(found.clock ? ['clock' as const] : []),
      ...(found.random ? ['random' as const] : []),
    ],
  };
}

function parsed(text: string): Program {
  try {
    return parse(text, { ecmaVersion: 2023, sourceType: 'module' });
  } catch (error) {
    throw new UntranslatableError('code that is no plain JavaScript function', { cause: error });
  }
}

/** The statements of the one function that the program is. */
function bodyOf({ body }: Program): readonly unknown[] {
  const [only, ...others] = body;
  if (only?.type !== 'FunctionDeclaration' || others.length > 0) {
    throw new UntranslatableError('code that closes the function around it');
  }
  return only.body.body;
}

/** The member's own name, or one that the code does not have. */
function freeName(own: string, instead: string, taken: ReadonlySet<string>): string {
  let name = own;
  for (let place = 1; taken.has(name); place += 1) name = place === 1 ? instead : `${instead}${place}`;
  return name;
}

const member = (name: string, as: string): string => (name === as ? name : `${name}: ${as}`);

function bracketDepth(source: string): number {
  let depth = 0;
  let most = 0;
  for (const char of source) {
    if ('([{'.includes(char)) most = Math.max(most, (depth += 1));
    else if (')]}'.includes(char)) depth = Math.max(0, depth - 1);
  }
  return most;
}
