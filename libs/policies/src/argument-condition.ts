import type { ArgumentCondition } from '@action-mesh/contracts/auth-broker';
import { compareDecimals } from '@action-mesh/kernel';

import { decimalText, pointerTokens, argumentAt, type FoundValue } from './argument-values.js';
import type { WorkBudget } from './work-budget.js';

/** Whether the arguments meet a condition. */
export type CompiledCondition = (args: unknown, budget: WorkBudget) => boolean;

type Check = (found: FoundValue, budget: WorkBudget) => boolean;

/** Prepares a condition once, so that each decision takes time linear in the arguments. */
export function compileCondition(condition: ArgumentCondition): CompiledCondition {
  const tokens = pointerTokens(condition.pointer);
  const check = checkOf(condition);
  const items = 'items' in condition ? condition.items : undefined;
  if (items === undefined) {
    return (args, budget) => budget.spend(tokens.length) && check(argumentAt(args, tokens), budget);
  }
  return (args, budget) => {
    const list = argumentAt(args, tokens)?.value;
    if (!Array.isArray(list) || list.length === 0 || !budget.spend(tokens.length + list.length)) return false;
    const holds = (value: unknown) => check({ value }, budget);
    return items === 'every' ? list.every(holds) : list.some(holds);
  };
}

function checkOf(condition: ArgumentCondition): Check {
  switch (condition.op) {
    case 'exists':
      return isThere;
    case 'absent':
      return (found) => !isThere(found);
    case 'equals':
      return isOneOf([condition.value]);
    case 'not_equals':
      return negated(isOneOf([condition.value]));
    case 'in':
      return isOneOf(condition.value);
    case 'not_in':
      return negated(isOneOf(condition.value));
    case 'starts_with':
      return ofText((text) => text.startsWith(condition.value));
    case 'ends_with':
      return ofText((text) => text.endsWith(condition.value));
    case 'contains':
      return contains(condition.value);
    case 'not_contains':
      return negated(contains(condition.value));
    case 'less_than':
      return ofNumber(condition.value, (order) => order < 0);
    case 'greater_than':
      return ofNumber(condition.value, (order) => order > 0);
  }
}

function isThere(found: FoundValue): boolean {
  return found !== undefined && found.value !== null;
}

function negated(check: Check): Check {
  return (found, budget) => !check(found, budget);
}

/** A set compares as JSON does: `0` and `-0` are the same, `1` and `"1"` are not. */
function isOneOf(values: readonly unknown[]): Check {
  const known = new Set(values);
  return (found) => found !== undefined && known.has(found.value);
}

function ofText(check: (text: string) => boolean): Check {
  return (found) => typeof found?.value === 'string' && check(found.value);
}

function contains(wanted: unknown): Check {
  return (found, budget) => {
    const value = found?.value;
    if (typeof value === 'string') {
      return typeof wanted === 'string' && budget.spend(value.length >> 6) && value.includes(wanted);
    }
    return Array.isArray(value) && budget.spend(value.length) && value.includes(wanted);
  };
}

function ofNumber(bound: number | string, decide: (order: number) => boolean): Check {
  const exact = String(bound);
  return (found) => {
    const text = decimalText(found?.value);
    return text !== undefined && decide(compareDecimals(text, exact));
  };
}
