import type { Expr } from '../model/expression.js';
import type { JsExpression } from './parse-javascript.js';

/**
 * A value under translation. `item`: an n8n item, whose `json` is the value. `items`: a list of them. `values`: the
 * plain data.
 */
export interface JsValue {
  readonly expr: Expr;
  readonly as: 'value' | 'item' | 'items';
}

/** Resolves the names that a product gives to its expressions. */
export interface JsNames {
  /** A free name such as `$json`. Undefined: the name is unknown. */
  readonly name: (name: string) => JsValue | undefined;
  /** A call of a free name such as `$('Node')`. Undefined: no special meaning. */
  readonly call: (name: string, args: readonly JsExpression[]) => JsValue | undefined;
  /** A method of the product's own, such as `isEmpty`. Undefined: no special meaning. */
  readonly method: (of: JsValue, name: string, args: readonly Expr[]) => JsValue | undefined;
  readonly member: (of: JsValue, name: string) => JsValue | undefined;
  readonly now: () => Expr;
}
