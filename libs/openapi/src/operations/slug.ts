import { createHash } from 'node:crypto';

import type { Operation } from './operation.js';

const LONGEST_SLUG = 64;
/** Hex digits: among a million names that begin alike, one pair in a thousand documents would meet. */
const SUFFIX = 10;
/** A longer id is read from its beginning; its hash is over all of it. */
const LONGEST_LOOK = 500;

/**
 * The slug of every operation: `<toolkit>_<operation id in snake case>`, or method and path where there is no id. A name
 * beyond 64 characters is cut and ends in a hash of the whole. It depends on the operation alone, unless two operations of
 * the document come to the same name: then each of them ends in a hash of its method and path, whichever are selected.
 */
export function slugsOf(toolkit: string, operations: readonly Operation[]): ReadonlyMap<Operation, string> {
  const byName = new Map<string, Operation[]>();
  for (const operation of operations) {
    const name = bounded(toolkit, nameOf(operation), operation.id ?? target(operation));
    const sharers = byName.get(name);
    if (sharers === undefined) byName.set(name, [operation]);
    else sharers.push(operation);
  }
  const slugs = new Map<Operation, string>();
  for (const [name, sharers] of byName) {
    for (const operation of sharers)
      slugs.set(operation, sharers.length === 1 ? name : suffixed(name, target(operation)));
  }
  return slugs;
}

/** Words in lower case, joined by underscores; empty where a text has none in ASCII. */
export function snakeCase(text: string): string {
  return text
    .slice(0, LONGEST_LOOK)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
}

function nameOf(operation: Operation): string {
  const fromId = operation.id === undefined ? '' : snakeCase(operation.id);
  return fromId === '' ? snakeCase(target(operation)) : fromId;
}

function bounded(toolkit: string, name: string, whole: string): string {
  const slug = `${toolkit}_${name}`;
  return slug.length <= LONGEST_SLUG && whole.length <= LONGEST_LOOK ? slug : suffixed(slug, whole);
}

function suffixed(slug: string, whole: string): string {
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, SUFFIX);
  return `${slug.slice(0, LONGEST_SLUG - SUFFIX - 1).replace(/_+$/, '')}_${hash}`;
}

function target({ method, path }: Operation): string {
  return `${method} ${path}`;
}
