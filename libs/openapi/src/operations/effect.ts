import type { EffectDefinition } from '@action-mesh/tools';

import type { Findings } from '../finding.js';
import { textAt } from '../json-object.js';
import type { Operation } from './operation.js';
import { snakeCase } from './slug.js';

/** First words of an operation that changes something; a GET that begins with one is not believed to only read. */
const CHANGES = words(
  'accept add approve archive assign block cancel clear close create deactivate delete disable enable execute insert invite ' +
    'kill lock merge move publish purge put reject remove rename replace reset restart restore revoke rotate run send set ' +
    'start stop submit subscribe suspend toggle transfer trigger unarchive unassign unblock unlock unsubscribe update upload write',
);
/** First words of what does more each time it is asked, whatever method it is written with. */
const REPEATS = words(
  'append copy duplicate execute fork generate increment notify regenerate rerun resend retry rotate run send toggle trigger',
);
/** A last part of a path that means something else after each deletion. */
const MOVING = words('current first head last latest newest next oldest');

/**
 * How long a provider is trusted to remember a key, where its document does not say: short, since a key that it has
 * forgotten does a thing twice.
 */
const KEY_TTL_MS = 60 * 60 * 1000;

/**
 * The effect class that method and document speak for; `opaque` wherever they disagree, because a wrong class repeats what
 * must not be repeated.
 */
export function inferEffect(
  operation: Operation,
  keyHeader: string | undefined,
  findings: Findings,
): EffectDefinition {
  const { method, pointer } = operation;
  const verbs = leadingWords(operation);
  const doubt = (message: string): EffectDefinition => {
    findings.warn('effect_doubtful', pointer, `${message}; its effect was taken for unknown`);
    return { class: 'opaque' };
  };
  if (method === 'GET') {
    const verb = verbs.find((word) => CHANGES.has(word));
    return verb === undefined ? { class: 'read' } : doubt(`is a GET, and its name begins with "${verb}"`);
  }
  if (keyHeader !== undefined) {
    const minutes = KEY_TTL_MS / 60_000;
    findings.warn(
      'key_ttl_assumed',
      pointer,
      `takes an idempotency key, which was taken to be remembered for ${minutes} minutes`,
    );
    return { class: 'keyed', header: keyHeader, ttlMs: KEY_TTL_MS };
  }
  if (method !== 'PUT' && method !== 'DELETE') return { class: 'opaque' };
  const verb = verbs.find((word) => REPEATS.has(word));
  if (verb !== undefined) return doubt(`is a ${method}, and its name begins with "${verb}"`);
  const last = operation.path.split('/').at(-1)?.toLowerCase() ?? '';
  return MOVING.has(last)
    ? doubt(`is a ${method} of "${last}", which is another thing each time`)
    : { class: 'idempotent' };
}

/** The first word of the summary, and of the part of the id that says what is done: `issues/lock`, `Issues.lock`, `lockIssue`. */
function leadingWords({ id, source }: Operation): string[] {
  const action =
    (id ?? '')
      .slice(-200)
      .split(/[/.:#]/)
      .at(-1) ?? '';
  const summary = (textAt(source, 'summary') ?? '').trim().slice(0, 100);
  return [snakeCase(action).split('_')[0] ?? '', snakeCase(summary).split('_')[0] ?? ''].filter(
    (word) => word !== '',
  );
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}
