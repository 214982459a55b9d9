import {
  helper,
  literal,
  memberOf,
  objectOf,
  variableOf,
  type Expr,
  type Variable,
} from '../model/expression.js';
import type { Hazard } from '../model/hazards.js';
import { UntranslatableError } from '../read/flow-import.errors.js';

/** The data that flows along an edge: one item, or a list of items. */
export interface Current {
  readonly expr: Expr;
  readonly many: boolean;
  /** The node that made the data. */
  readonly from: string;
}

/** The outputs of earlier nodes that code at this place can read. */
export class N8nScope {
  readonly #known = new Map<string, Current>();
  readonly #parent: N8nScope | undefined;
  /** The place of the item within the list of the innermost loop. */
  readonly index: Variable | undefined;

  constructor(parent?: N8nScope, index?: Variable) {
    this.#parent = parent;
    this.index = index ?? parent?.index;
  }

  learn(name: string, current: Current): void {
    this.#known.set(name, current);
  }

  find(name: string): Current | undefined {
    return this.#known.get(name) ?? this.#parent?.find(name);
  }
}

/** The place of an expression: the data before the node, and everything that it may refer to. */
export interface N8nPlace {
  readonly current: Current;
  readonly scope: N8nScope;
  /**
   * The event of a webhook, where n8n puts the payload under `body`. Compared by identity: what follows `body` is the
   * same variable, and no envelope.
   */
  readonly envelope: Expr | undefined;
  readonly workflowName: string;
  readonly timezone: string | undefined;
  readonly now: () => Expr;
  readonly flag: (hazard: Hazard, note?: string) => void;
}

/** The value of one item. A list without a loop around it gives its first item, as n8n does outside of items. */
export function itemOf(current: Current): Expr {
  return current.many ? { kind: 'index', of: current.expr, index: literal(0) } : current.expr;
}

/** The whole value as n8n sees it: the event of a webhook is wrapped into `body` again. */
export function wholeOf(expr: Expr, { envelope, flag }: N8nPlace): Expr {
  if (envelope === undefined || expr !== envelope) return expr;
  flag('unmapped', 'headers and query of the request are not part of the event');
  return objectOf([['body', payloadOf(expr)]]);
}

/** A member of a value, where the payload of a webhook has lost its wrapping. */
export function memberIn(of: Expr, name: string, { envelope, flag }: N8nPlace): Expr {
  if (envelope === undefined || of !== envelope) return memberOf(of, name);
  if (name === 'body') return payloadOf(of);
  flag('unmapped', `${name} of the request: map it into the event of the trigger`);
  return memberOf(of, name);
}

/** A copy of the envelope that is none. */
const payloadOf = (envelope: Expr): Expr => ({ ...envelope });

/** The item of another node that belongs to the current one. Throws `UntranslatableError`. */
export function pairedItem(name: string, { scope, flag }: N8nPlace): Expr {
  const known = knownNode(name, scope);
  if (!known.many) return known.expr;
  flag('pairing', `the item of ${name}`);
  if (scope.index === undefined) return { kind: 'index', of: known.expr, index: literal(0) };
  return helper('pairOf', known.expr, variableOf(scope.index));
}

/** All items of another node. Throws `UntranslatableError`. */
export function itemsOfNode(name: string, { scope }: N8nPlace): Expr {
  const known = knownNode(name, scope);
  return known.many ? known.expr : { kind: 'array', items: [known.expr] };
}

function knownNode(name: string, scope: N8nScope): Current {
  const known = scope.find(name);
  if (known === undefined) throw new UntranslatableError(`the output of ${name}, which is not in reach here`);
  return known;
}

/** The data as a list. */
export const listOfData = (current: Current): Expr =>
  current.many ? current.expr : helper('toList', current.expr);
