import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const form = /^[A-Za-z0-9_-]{43}$/;

/** A new secret of 256 random bits: a cookie, a completion, a PKCE verifier. */
export function newConnectSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Whether a text has the form of a secret of ours. */
export function isConnectSecret(text: string): boolean {
  return form.test(text);
}

/** The stored form of a secret: SHA-256. The secrets are random, so no salt is needed. */
export function secretDigest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Compares a secret with a stored digest, in constant time. */
export function matchesDigest(secret: string | undefined, digest: Buffer | undefined): boolean {
  if (secret === undefined || digest === undefined) return false;
  const given = secretDigest(secret);
  return given.length === digest.length && timingSafeEqual(given, digest);
}

/** The S256 challenge of a verifier (RFC 7636, section 4.2). */
export function challengeOf(verifier: string): string {
  return secretDigest(verifier).toString('base64url');
}

/**
 * The token of a form. Only a page of the same browser can hold it, because it is made from the cookie, which no script
 * and no other site reads.
 */
export function formToken(cookie: string, page: string): string {
  return createHash('sha256').update(`form\n${cookie}\n${page}`).digest('base64url');
}

/** Whether a form came from a page that this browser got. */
export function isFormToken(given: string | undefined, cookie: string, page: string): boolean {
  return matchesDigest(given, secretDigest(formToken(cookie, page)));
}
