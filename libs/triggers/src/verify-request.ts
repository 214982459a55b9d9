import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

import type { TriggerScheme } from '@action-mesh/contracts/gateway';
import type { DeclaredTrigger } from '@action-mesh/contracts/webhooks';

import { readGenericHmac } from './schemes/generic-hmac.js';
import { keyOfSecret } from './schemes/secret-keys.js';
import type { ReadClaim, SignatureClaim, SignatureFault, SignedRequest } from './schemes/signed-request.js';
import {
  readGithub,
  readHubspot,
  readShopify,
  readSlack,
  readStandardWebhooks,
  readStripe,
} from './schemes/vendors.js';
import type { TriggerSecret } from './trigger-secrets.js';

const defaultToleranceSeconds = 300;

const readers: Readonly<Record<Exclude<TriggerScheme, 'api_key'>, ReadClaim>> = {
  standard_webhooks: readStandardWebhooks,
  stripe: readStripe,
  slack: readSlack,
  github: readGithub,
  hubspot: readHubspot,
  shopify: readShopify,
  hmac: readGenericHmac,
};

/** A trigger that signatures open. */
export interface VerifiableTrigger extends Pick<DeclaredTrigger, 'scheme' | 'tolerance_seconds' | 'hmac'> {
  readonly secrets: readonly TriggerSecret[];
}

/** A request whose signature is right and in time, or its fault. */
export type Verification =
  | {
      readonly ok: true;
      /** The id of the delivery in a header of the sender. */
      readonly deliveryId: string | undefined;
      /** SHA-256 of the signed content, in hex. */
      readonly contentDigest: string;
      /** Whether a signature covers the id or the time. Otherwise equal contents are one delivery. */
      readonly isReplaySafe: boolean;
    }
  | { readonly ok: false; readonly fault: SignatureFault };

/**
 * Verifies the bytes of a request, before anything reads its body.
 *
 * - WS1: a request passes only with a signature by a secret of the trigger that has not expired.
 * - WS2: every comparison of a signature takes the same time, and all secrets are compared with all signatures.
 * - WS3: a request outside the tolerance does not pass, whoever signed it.
 */
export function verifyRequest(
  trigger: VerifiableTrigger,
  request: SignedRequest,
  nowMs: number,
): Verification {
  if (trigger.scheme === 'api_key') return { ok: false, fault: 'signature_missing' };
  const claim = readers[trigger.scheme](request, trigger);
  if (typeof claim === 'string') return { ok: false, fault: claim };
  if (!isSigned(trigger, claim, nowMs)) return { ok: false, fault: 'signature_wrong' };
  const toleranceMs = (trigger.tolerance_seconds ?? defaultToleranceSeconds) * 1_000;
  if (claim.atMs !== undefined && !(Math.abs(nowMs - claim.atMs) <= toleranceMs))
    return { ok: false, fault: 'time_too_far' };
  return {
    ok: true,
    deliveryId: claim.deliveryId,
    contentDigest: digestOf(claim),
    isReplaySafe: claim.isIdSigned || claim.atMs !== undefined,
  };
}

function isSigned({ scheme, secrets }: VerifiableTrigger, claim: SignatureClaim, nowMs: number): boolean {
  let isRight = false;
  for (const { secret, expiresAtMs } of secrets) {
    const key = expiresAtMs !== undefined && expiresAtMs <= nowMs ? undefined : keyOfSecret(scheme, secret);
    if (key === undefined) continue;
    const hmac = createHmac(claim.algorithm, key);
    for (const piece of claim.signed) hmac.update(piece);
    const expected = hmac.digest();
    for (const signature of claim.signatures) isRight = timingSafeEqual(expected, signature) || isRight;
  }
  return isRight;
}

function digestOf({ signed }: SignatureClaim): string {
  const hash = createHash('sha256');
  for (const piece of signed) hash.update(piece);
  return hash.digest('hex');
}
