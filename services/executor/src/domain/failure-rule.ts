import type { Tool } from '@action-mesh/contracts/catalog';

import type { AnswerBody } from './answer-body.js';
import type { Failure } from './verdict.js';

type FailureRule = NonNullable<Tool['http']['failure']>;

/** The longest word of a provider that is repeated. */
const longestReason = 200;

/**
 * What a provider said in the body of a 2xx, by the rule of the tool: that it did not do what was asked. Undefined where it
 * did not say so, or where the body is not JSON or was cut off, which says nothing either way.
 */
export function reportedFailure(rule: FailureRule, body: AnswerBody | undefined): Failure | undefined {
  const value = parsedBody(body);
  const found = valueAt(value, rule.at);
  const failed = rule.equals === undefined ? holdsSomething(found) : found === rule.equals;
  if (!failed) return undefined;
  const reason = rule.reason === undefined ? undefined : valueAt(value, rule.reason);
  const word = typeof reason === 'string' && reason !== '' ? `: ${reason.slice(0, longestReason)}` : '';
  return {
    code: 'provider_reported_failure',
    category: 'provider',
    message: `the provider answered that it did not do it${word}`,
  };
}

/** What is at a JSON pointer (RFC 6901); undefined where nothing is. */
export function valueAt(root: unknown, pointer: string): unknown {
  let value = root;
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, name)
        ? Reflect.get(value, name)
        : undefined;
  }
  return value;
}

/** Anything but null, false, and what is empty. */
export function holdsSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

/** A body as JSON; undefined where it cannot be read as such. */
export function parsedBody(body: AnswerBody | undefined): unknown {
  return body?.kind === 'json' ? (JSON.parse(body.text) as unknown) : undefined;
}
