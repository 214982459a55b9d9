import type { EffectDefinition } from '@action-mesh/tools';

import type { OpenApiDocument } from '../document/openapi-document.js';
import type { Findings } from '../finding.js';
import { member, objectAt } from '../json-object.js';
import type { KeyLocation } from '../request/idempotency-key.js';
import { movingWords } from './effect-words.js';
import { operationWords } from './operation-words.js';
import type { Operation } from './operation.js';
import { orderedBy } from './body-orders.js';
import { changingWord, mayRead } from './read-proof.js';
import { deleteDoubt, putDoubt } from './repeat-proof.js';

const hourMs = 60 * 60 * 1000;
/**
 * How long a provider is trusted to remember an idempotency key by default. The time is short, because a provider
 * that has forgotten a key acts twice.
 */
const keyTtlMs = hourMs;
/** The shortest time that known vendors promise to remember a key, by the end of their hosts. */
const knownTtlsMs: readonly (readonly [host: RegExp, ttlMs: number])[] = [
  [/(^|\.)stripe\.com$/, 24 * hourMs],
  [/(^|\.)adyen\.com$/, 7 * 24 * hourMs],
];

/** A placeholder for a value that is valid for one use. */
const usedUp = /\{[a-z_]*(?:token|nonce|otp)\}/i;

/**
 * The effect class that method and document prove. A GET reads unless its words act. A PUT or DELETE is idempotent if
 * path, words and body show one state of one target. Every other operation is `opaque`: a wrong class would repeat a
 * request that must not be repeated.
 */
export function inferEffect(
  document: OpenApiDocument,
  operation: Operation,
  { key, host }: { readonly key?: KeyLocation | undefined; readonly host?: string | undefined },
  findings: Findings,
): EffectDefinition {
  const { method, path, pointer } = operation;
  const doubt = (message: string): EffectDefinition => {
    findings.warn('effect_doubtful', pointer, `${message}; its effect counts as unknown`);
    return { class: 'opaque' };
  };
  if (method === 'GET') {
    const word = changingWord(operationWords(operation), path);
    return word === undefined
      ? { class: 'read' }
      : doubt(`is a GET, and its name or description has the word "${word}"`);
  }
  if (key !== undefined) {
    const known = knownTtlsMs.find(([pattern]) => pattern.test(host ?? ''))?.[1];
    if (known === undefined) {
      findings.warn(
        'key_ttl_assumed',
        pointer,
        `takes an idempotency key; the provider is trusted to remember it for ${keyTtlMs / 60_000} minutes`,
      );
    }
    return { class: 'keyed', in: key.in, name: key.name, ttlMs: known ?? keyTtlMs };
  }
  if (method === 'POST' && !answersCreation(operation) && mayRead(operationWords(operation))) {
    findings.warn(
      'effect_may_read',
      pointer,
      'is a POST that may only read: if it changes nothing, approve the override { "effect": { "class": "read" } }',
    );
  }
  if (method !== 'PUT' && method !== 'DELETE') return { class: 'opaque' };
  const last = path.split('/').findLast((segment) => segment !== '') ?? '';
  if (movingWords.has(last.toLowerCase()))
    return doubt(`is a ${method} of "${last}", which is another thing each time`);
  if (method === 'PUT' && usedUp.test(last)) return doubt(`is a PUT of "${last}", which is valid once`);
  const order = orderedBy(document, operation);
  if (order !== undefined) return doubt(`is a ${method}, and "${order}" of its body orders an action`);
  const target = { isNamed: last.includes('{'), isRead: member(operation.pathItem, 'get') !== undefined };
  const words = operationWords(operation);
  const reason = method === 'PUT' ? putDoubt(words, target) : deleteDoubt(words, target);
  return reason === undefined ? { class: 'idempotent' } : doubt(`is a ${method}, and ${reason}`);
}

/** Whether one of its answers describes a creation, now or later. */
function answersCreation({ source }: Operation): boolean {
  const answers = objectAt(source, 'responses');
  return ['201', '202', '204'].some((status) => Object.hasOwn(answers, status));
}
