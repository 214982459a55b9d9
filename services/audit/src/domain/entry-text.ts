import { createHmac } from 'node:crypto';

import type { EntryBody } from '@action-mesh/contracts/audit';
import { canonicalize, type JsonValue } from '@action-mesh/kernel';

import { UnrecordableEntryError } from './audit.errors.js';

/**
 * The canonical text of a body, which the hash covers. Throws {@link UnrecordableEntryError} for a fraction: other
 * programs write the same fraction in other digits, and the hash would differ. Throws it also for a body without a
 * canonical text.
 */
export function writeBody(body: EntryBody): string {
  assertWhole(body);
  try {
    return canonicalize(body as JsonValue);
  } catch (cause) {
    throw new UnrecordableEntryError('the entry has no canonical text', { cause });
  }
}

/** The digest of content that stands in the chain. Without the key, nobody can find the content by guesses. */
export function contentDigest(key: Uint8Array, content: string): string {
  return createHmac('sha256', key).update(content).digest('hex');
}

/** The key of the digest of a user's name. It does not reveal the key of the digests of content. */
export function userKeyOf(personKey: Uint8Array): Buffer {
  return createHmac('sha256', personKey).update('action-mesh/audit/user/v1').digest();
}

/** The digest of a user's name that stands in the chain. No other name with another key has the same one. */
export function userDigest(userKey: Uint8Array, userId: string): string {
  return createHmac('sha256', userKey).update(userId).digest('hex');
}

function assertWhole(value: unknown): void {
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new UnrecordableEntryError('a fact is a number that is not whole');
  if (typeof value !== 'object' || value === null) return;
  for (const member of Object.values(value)) assertWhole(member);
}
