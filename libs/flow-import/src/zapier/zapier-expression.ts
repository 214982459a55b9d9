import type { JsonValue } from '@action-mesh/kernel';

import {
  listExpr,
  helper,
  literal,
  memberOf,
  methodCall,
  template,
  unwritten,
  type Expr,
} from '../model/expression.js';
import type { Hazard } from '../model/hazards.js';
import { UntranslatableError } from '../read/flow-import.errors.js';

/** The place of a value of Zapier. */
export interface ZapierPlace {
  /** The output of a step; undefined for a step that is not in reach. */
  readonly output: (step: string) => Expr | undefined;
  readonly now: () => Expr;
  readonly flag: (hazard: Hazard, note?: string) => void;
}

/** Translates a parameter with everything inside it. */
export function zapierValue(
  json: JsonValue | undefined,
  place: ZapierPlace,
  onTodo: (why: string) => void,
): Expr {
  if (json === undefined) return literal(undefined);
  if (typeof json === 'string') return zapierText(json, place, onTodo);
  if (typeof json !== 'object' || json === null) return literal(json);
  if (Array.isArray(json)) return listExpr(json.map((item) => zapierValue(item, place, onTodo)));
  return {
    kind: 'object',
    members: Object.entries(json).map(([name, member]) => ({
      name: name.replace(/^[a-z_]+::/, ''),
      value: zapierValue(member, place, onTodo),
    })),
  };
}

function zapierText(text: string, place: ZapierPlace, onTodo: (why: string) => void): Expr {
  if (!text.includes('{{')) return literal(text);
  try {
    const parts = text.split(/(\{\{[^{}]*\}\})/).filter((part) => part !== '');
    const exprs = parts.map((part) => {
      const inner = /^\{\{([^{}]*)\}\}$/.exec(part)?.[1];
      if (inner === undefined && part.includes('{{'))
        throw new UntranslatableError('braces inside a reference of Zapier');
      return inner === undefined ? literal(part) : referenceOf(inner.trim(), place);
    });
    const [only, ...others] = exprs;
    return only !== undefined && others.length === 0 ? only : template(exprs);
  } catch (error) {
    if (!(error instanceof UntranslatableError)) throw error;
    onTodo(error.message);
    return unwritten(error.message);
  }
}

/** A reference such as `12__user__name`, `12__items[]price` or `=gives["12"]["name"]`. Throws `UntranslatableError`. */
export function referenceOf(reference: string, place: ZapierPlace): Expr {
  if (/^zap_meta_(?:human|utc|timestamp)_?.*now/.test(reference)) {
    place.flag('timezone', 'the time of the run as text');
    return methodCall(place.now(), 'toISOString');
  }
  const gives = /^=\s*gives((?:\[(?:"[^"\]]*"|'[^'\]]*')\])+)$/.exec(reference)?.[1];
  if (gives !== undefined) {
    const [step = '', ...path] = [...gives.matchAll(/\["([^"\]]*)"\]|\['([^'\]]*)'\]/g)].map(
      (match) => match[1] ?? match[2] ?? '',
    );
    return outputAt(step, path, place);
  }
  const match = /^(\d+)__(.+)$/.exec(reference);
  if (match === null) throw new UntranslatableError('a reference of Zapier of another form');
  const [, step = '', rest = ''] = match;
  const [path = '', inner] = rest.split('[]', 2);
  const of = outputAt(step, fieldPath(path), place);
  if (inner === undefined) return of;
  const body = memberOf({ kind: 'name', name: '$item' }, ...fieldPath(inner));
  return methodCall(helper('toList', of), 'map', { kind: 'arrow', parameters: ['$item'], body });
}

/** Two underscores part the names of a path. A name may begin with underscores of its own. */
const fieldPath = (text: string): string[] =>
  text === '_zap_search_was_found_status' ? [text] : text.split(/__(?=[^_])/).filter((name) => name !== '');

function outputAt(step: string, path: readonly string[], place: ZapierPlace): Expr {
  const output = place.output(step);
  if (output === undefined) {
    place.flag('stale-ref');
    throw new UntranslatableError(
      `the output of the step ${step}, which the file does not have before this one`,
    );
  }
  if (path[0] === '_zap_search_was_found_status') {
    return { kind: 'unary', operator: '!', of: helper('isEmpty', output) };
  }
  return memberOf(output, ...path);
}
