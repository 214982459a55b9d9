import { createHash } from 'node:crypto';

import { flowKeyPrefix } from '@action-mesh/contracts/gateway';

import { FlowCodeError } from './flows.errors.js';
/** The longest path. With the run's id before it, it fits an idempotency key of 200 characters. */
export const longestPath = 150;
const longestName = 100;
const nameForm = /^[\p{L}\p{N}][\p{L}\p{N} ._:-]*$/u;

/** The path of a step: its name within its scope. The outermost scope is the empty text. */
export function stepPath(scope: string, name: string): string {
  if (typeof name !== 'string' || name.length > longestName || !nameForm.test(name)) {
    throw new FlowCodeError(
      `the name of a step has 1 to ${longestName} letters, digits, spaces and . _ : - and begins with a letter or a digit`,
    );
  }
  return shortened(scope === '' ? name : `${scope}/${name}`);
}

/** The scope of one item of `each`. `key` is data of the item, so an item keeps its steps when the list changes. */
export function itemScope(scope: string, name: string, key: unknown): string {
  return shortened(`${stepPath(scope, name)}[${String(key).replaceAll(/[[\]/\p{Cc}\p{Surrogate}]/gu, '_')}]`);
}

/** The scope of the calls that undo steps. The name of a step cannot begin with `~`, so no flow has it. */
export const undoScope = '~undo';

/** The path of the call that undoes a step. */
export function undoPath(path: string): string {
  return shortened(`${undoScope}/${path}`);
}

/** The idempotency key of the call of a step. */
export function stepKey(runId: string, path: string): string {
  return `${flowKeyPrefix}${runId}:${path}`;
}

/** A path that is too long keeps a readable head and gets the digest of the whole. */
function shortened(path: string): string {
  if (path.length <= longestPath) return path;
  const digest = createHash('sha256').update(path).digest('hex').slice(0, 24);
  // The cut can leave half a surrogate pair, which no JSON may hold.
  const head = path.slice(0, longestPath - digest.length - 1).replace(/\p{Surrogate}/u, '_');
  return `${head}~${digest}`;
}
