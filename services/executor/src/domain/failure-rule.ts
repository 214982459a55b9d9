import type { Tool } from '@action-mesh/contracts/catalog';
import { isSameDecimal, jsonAt } from '@action-mesh/kernel';

import type { ReadJson } from './readable-json.js';
import { holdsSomething, locationAt } from './json-location.js';
import type { Failure } from './attempt-evidence.js';

type FailureRule = NonNullable<Tool['http']['failure']>;

/** The statement of a body by the rule of the tool: not done, done, or unreadable. */
export type FailureReport =
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'silent' }
  | { readonly kind: 'unread'; readonly why: string };

/** The most characters of a provider's text in a message. */
const longestReason = 200;

/** Reads from the body of a 2xx whether the provider did the request. */
export function readReport(rule: FailureRule, json: ReadJson): FailureReport {
  if ('unreadable' in json) return { kind: 'unread', why: json.unreadable };
  const location = locationAt(json.value, rule.at);
  if (location.kind === 'misfit') return { kind: 'unread', why: `it has no place ${rule.at}` };
  const found = location.kind === 'value' ? location.value : undefined;
  const failed =
    rule.equals === undefined ? holdsSomething(found) : isEqual(found, rule.equals, rule.at, json.text);
  if (!failed) return { kind: 'silent' };
  const reason = rule.reason === undefined ? undefined : locationAt(json.value, rule.reason);
  const word = reason?.kind === 'value' && typeof reason.value === 'string' ? reason.value : '';
  const quoted = word === '' ? '' : `: ${word.slice(0, longestReason)}`;
  return {
    kind: 'failed',
    failure: {
      code: 'provider_reported_failure',
      category: 'provider',
      message: `the provider answered that it did not do it${quoted}`,
    },
  };
}

/** Compares numbers by their texts: two large ids may share one double. */
function isEqual(found: unknown, wanted: unknown, pointer: string, text: string): boolean {
  if (found !== wanted || typeof wanted !== 'number') return found === wanted;
  return isSameDecimal(jsonAt(text, pointer) ?? '', String(wanted));
}
