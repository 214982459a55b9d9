import { createHash } from 'node:crypto';

import { deedName } from './deed-name.js';
import type { Operation } from './operation.js';
import { longestLook, snakeCase } from './snake-case.js';

const longestSlug = 64;
/**
 * Hex digits of the hash. Among a million names with the same beginning, two would collide in one of a thousand
 * documents.
 */
const suffix = 10;
/** A cut at a word keeps at least so many characters. Otherwise a long word is cut inside. */
const shortestCut = 30;

/** The name of an operation among all tools. */
export interface OperationName {
  readonly slug: string;
  /** The name from its id, or method and path, if the slug is another. This name still finds the tool. */
  readonly former?: string;
}

/**
 * The slug of every operation: `<toolkit>_<operation id in snake case>`, or its action if the id only repeats method
 * and path. A name beyond 64 characters is cut between words and ends in a hash of the whole name.
 *
 * A slug depends only on the operation, unless two operations of the document get the same one. Then each of them
 * keeps its former name, or gets a name that ends in a hash of method and path. The selection of operations makes no
 * difference.
 */
export function slugsOf(
  toolkit: string,
  operations: readonly Operation[],
): ReadonlyMap<Operation, OperationName> {
  const formers = distinct(toolkit, operations, nameOf);
  const taken = new Set(formers.values());
  const deeds = new Map<Operation, string>();
  const users = new Map<string, number>();
  for (const operation of operations) {
    const deed = deedName(operation);
    const slug = deed === undefined ? undefined : `${toolkit}_${deed}`;
    if (slug === undefined || slug.length > longestSlug) continue;
    deeds.set(operation, slug);
    users.set(slug, (users.get(slug) ?? 0) + 1);
  }
  return new Map(
    operations.map((operation) => {
      const former = formers.get(operation) ?? '';
      const deed = deeds.get(operation);
      const isFree = deed !== undefined && users.get(deed) === 1 && !taken.has(deed);
      return [operation, isFree ? { slug: deed, former } : { slug: former }];
    }),
  );
}

function distinct(
  toolkit: string,
  operations: readonly Operation[],
  name: (operation: Operation) => string,
): ReadonlyMap<Operation, string> {
  const byName = new Map<string, Operation[]>();
  for (const operation of operations) {
    const slug = bounded(toolkit, name(operation), operation.id ?? target(operation));
    const sharers = byName.get(slug);
    if (sharers === undefined) byName.set(slug, [operation]);
    else sharers.push(operation);
  }
  const slugs = new Map<Operation, string>();
  for (const [slug, sharers] of byName) {
    for (const operation of sharers)
      slugs.set(operation, sharers.length === 1 ? slug : suffixed(slug, target(operation)));
  }
  return slugs;
}

function nameOf(operation: Operation): string {
  const fromId = operation.id === undefined ? '' : snakeCase(operation.id);
  return fromId === '' ? snakeCase(target(operation)) : fromId;
}

function bounded(toolkit: string, name: string, whole: string): string {
  const slug = `${toolkit}_${name}`;
  return slug.length <= longestSlug && whole.length <= longestLook ? slug : suffixed(slug, whole);
}

function suffixed(slug: string, whole: string): string {
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, suffix);
  const start = slug.slice(0, longestSlug - suffix - 1);
  const isWhole = start.length === slug.length || slug[start.length] === '_';
  const words = isWhole ? start : start.slice(0, Math.max(start.lastIndexOf('_'), shortestCut));
  return `${words.replace(/_+$/, '')}_${hash}`;
}

function target({ method, path }: Operation): string {
  return `${method} ${path}`;
}
