import type { JsonValue } from '@action-mesh/kernel';

import { listExpr, helper, literal, objectOf, template, type Expr } from '../model/expression.js';

/** A JSON text with expressions inside becomes an object where it can be read as one. */
export function jsonBody(value: Expr): Expr {
  if (value.kind === 'literal' && typeof value.value === 'string') {
    try {
      return filledJson(JSON.parse(value.value) as JsonValue, []);
    } catch {
      return value;
    }
  }
  if (value.kind === 'todo') return value;
  if (value.kind !== 'template') return value.kind === 'object' ? value : helper('parseJson', value);
  const text = value.parts.map((part, index) =>
    part.kind === 'literal' && (typeof part.value !== 'object' || part.value === null)
      ? String(part.value)
      : `\uE000${index}\uE001`,
  );
  try {
    return filledJson(JSON.parse(text.join('')) as JsonValue, value.parts);
  } catch {
    return helper('parseJson', value);
  }
}

function filledJson(json: JsonValue, parts: readonly Expr[]): Expr {
  if (typeof json === 'string') {
    const pieces = json.split(/\uE000(\d+)\uE001/);
    if (pieces.length === 1) return literal(json);
    const exprs = pieces.map((piece, index) =>
      index % 2 === 0 ? literal(piece) : (parts[Number(piece)] ?? literal('')),
    );
    const filled = exprs.filter((expr) => !(expr.kind === 'literal' && expr.value === ''));
    return filled.length === 1 && filled[0] !== undefined ? filled[0] : template(filled);
  }
  if (typeof json !== 'object' || json === null) return literal(json);
  if (Array.isArray(json)) return listExpr(json.map((item) => filledJson(item, parts)));
  return objectOf(Object.entries(json).map(([name, member]) => [name, filledJson(member, parts)] as const));
}
