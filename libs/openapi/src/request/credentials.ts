import type { OpenApiDocument } from '../document/openapi-document.js';
import { isJsonObject, listAt, member, objectAt, stringAt } from '../json-object.js';
import type { Operation } from '../operations/operation.js';
import { bodyMembers } from './body-members.js';
import { isStrongCredential, isWeakCredential } from './credential-names.js';

/** A member of a request that carries a credential, so it is no argument. */
export interface CredentialMember {
  readonly in: 'query' | 'header' | 'cookie' | 'body';
  readonly name: string;
}

/** A credential of a toolkit, and its place in a request. */
export interface ToolkitCredential extends CredentialMember {
  /** The security scheme of the credential. Its own name if the document declares none. */
  readonly scheme: string;
  /** The number of operations in the document that have it. */
  readonly operations: number;
}

const mostParameters = 200;
/** The most names of members that are read in one document. */
const mostNames = 500_000;
/** The fewest operations that show a habit. Fewer may share a record's key by chance. */
const fewest = 3;

/**
 * The credentials of a toolkit. Place, name, frequency and the document's security decide about them, for all
 * operations at once:
 * - The parameter of a declared `apiKey` scheme is a credential.
 * - A header, a query parameter or a cookie with a strong name (`api_key`, `X-Auth-Token`) is one, except if the
 *   operation's own path is about such a thing (`/oauth/access_token`).
 * - A strong or weak name (`token`, `key`) is one in every place, if at least half of the operations, or half of
 *   those with a body, have it.
 */
export class Credentials {
  readonly #byOperation: ReadonlyMap<Operation, readonly CredentialMember[]>;
  /** In the order of the document. */
  readonly all: readonly ToolkitCredential[];

  private constructor(
    byOperation: ReadonlyMap<Operation, readonly CredentialMember[]>,
    all: readonly ToolkitCredential[],
  ) {
    this.#byOperation = byOperation;
    this.all = all;
  }

  static of(document: OpenApiDocument, operations: readonly Operation[]): Credentials {
    const candidates = candidatesOf(document, operations);
    const schemes = apiKeySchemes(document);
    const habits = habitsOf(candidates);
    const byOperation = new Map<Operation, CredentialMember[]>();
    const all = new Map<string, ToolkitCredential>();
    for (const [operation, members] of candidates.of) {
      const own = members.filter(
        (each) =>
          schemes.has(keyOf(each)) ||
          habits.has(each.name.toLowerCase()) ||
          isBareCredential(each, operation),
      );
      if (own.length > 0) byOperation.set(operation, own);
      for (const each of own) {
        const key = keyOf(each);
        const operationCount = (all.get(key)?.operations ?? 0) + 1;
        const scheme = schemes.get(key) ?? declaredScheme(document, operation) ?? each.name;
        all.set(key, { ...each, scheme: all.get(key)?.scheme ?? scheme, operations: operationCount });
      }
    }
    return new Credentials(byOperation, [...all.values()]);
  }

  of(operation: Operation): readonly CredentialMember[] {
    return this.#byOperation.get(operation) ?? [];
  }
}

interface Candidates {
  readonly of: ReadonlyMap<Operation, readonly CredentialMember[]>;
  readonly withBody: ReadonlySet<Operation>;
}

function candidatesOf(document: OpenApiDocument, operations: readonly Operation[]): Candidates {
  const schemes = apiKeySchemes(document);
  const found = new Map<Operation, CredentialMember[]>();
  const withBody = new Set<Operation>();
  let looked = 0;
  for (const operation of operations) {
    const body = bodyNames(document, operation);
    if (body.length > 0) withBody.add(operation);
    const members = [
      ...parametersOf(document, operation),
      ...body.map((name) => ({ in: 'body', name }) as const),
    ];
    looked += members.length;
    if (looked > mostNames) break;
    found.set(
      operation,
      members.filter(
        (each) => schemes.has(keyOf(each)) || isStrongCredential(each.name) || isWeakCredential(each.name),
      ),
    );
  }
  return { of: found, withBody };
}

function parametersOf(document: OpenApiDocument, { source, pathItem }: Operation): CredentialMember[] {
  const declared = [...listAt(pathItem, 'parameters'), ...listAt(source, 'parameters')].slice(
    0,
    mostParameters,
  );
  const members = declared.flatMap((value): CredentialMember[] => {
    const followed = document.follow(value, '');
    if (!followed.ok) return [];
    const place = member(followed.value, 'in');
    const name = stringAt(followed.value, 'name');
    const isPlace = place === 'query' || place === 'header' || place === 'cookie';
    return isPlace && name !== undefined && name !== '' ? [{ in: place, name }] : [];
  });
  return [...new Map(members.map((each) => [keyOf(each), each])).values()];
}

function bodyNames(document: OpenApiDocument, { source }: Operation): string[] {
  const body = document.follow(member(source, 'requestBody'), '');
  const content = body.ok ? objectAt(body.value, 'content') : {};
  const names = Object.values(content).flatMap((media) => {
    const found = bodyMembers(document, member(media, 'schema'), '');
    return [...(found?.members.keys() ?? [])];
  });
  return [...new Set(names)];
}

/** Names, in lower case, that at least half of the operations have, or half of those with a body in it. */
function habitsOf({ of, withBody }: Candidates): ReadonlySet<string> {
  const everywhere = new Map<string, number>();
  const inBodies = new Map<string, number>();
  for (const members of of.values()) {
    for (const name of new Set(members.map((each) => each.name.toLowerCase()))) count(everywhere, name);
    const ofBody = members.filter((each) => each.in === 'body');
    for (const name of new Set(ofBody.map((each) => each.name.toLowerCase()))) count(inBodies, name);
  }
  const isHabit = (operations: number, all: number): boolean => operations >= fewest && operations * 2 >= all;
  return new Set([
    ...[...everywhere].filter(([, operations]) => isHabit(operations, of.size)).map(([name]) => name),
    ...[...inBodies].filter(([, operations]) => isHabit(operations, withBody.size)).map(([name]) => name),
  ]);
}

/**
 * Whether a strong name outside of a body is a credential. In a path about tokens or keys it may be the subject of
 * the request.
 */
function isBareCredential({ in: place, name }: CredentialMember, { path }: Operation): boolean {
  if (place === 'body' || !isStrongCredential(name)) return false;
  return place === 'header' || !/(?:auth|token|secret|session|keys?)(?![a-z])/i.test(path);
}

/** The first scheme that an operation requires. The mesh sends that one. */
function declaredScheme(document: OpenApiDocument, { source }: Operation): string | undefined {
  const holder = member(source, 'security') === undefined ? document.root : source;
  return listAt(holder, 'security').flatMap((each) => (isJsonObject(each) ? Object.keys(each) : []))[0];
}

/** The declaring scheme by place and name. */
function apiKeySchemes(document: OpenApiDocument): ReadonlyMap<string, string> {
  const schemes = new Map<string, string>();
  for (const [scheme, value] of Object.entries(
    objectAt(objectAt(document.root, 'components'), 'securitySchemes'),
  )) {
    const followed = document.follow(value, '');
    if (!followed.ok || !isJsonObject(followed.value) || stringAt(followed.value, 'type') !== 'apiKey')
      continue;
    const place = stringAt(followed.value, 'in');
    const name = stringAt(followed.value, 'name');
    if (place !== undefined && name !== undefined) schemes.set(`${place} ${name.toLowerCase()}`, scheme);
  }
  return schemes;
}

/** Header names are case-insensitive, and no API has two parameters that differ only in case. */
export function keyOf({ in: place, name }: CredentialMember): string {
  return `${place} ${name.toLowerCase()}`;
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
