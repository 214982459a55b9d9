import type { TriggerScheme } from '@action-mesh/contracts/gateway';
import { randomBytes } from 'node:crypto';

import type { KeyOfSecret } from './signed-request.js';

const prefix = 'whsec_';
const base64Form = /^[A-Za-z0-9+/]+={0,2}$/;

/** Standard Webhooks: base64 of the key, with or without `whsec_`. */
const standardKey: KeyOfSecret = (secret) => {
  const text = secret.startsWith(prefix) ? secret.slice(prefix.length) : secret;
  const key = base64Form.test(text) ? Buffer.from(text, 'base64') : Buffer.alloc(0);
  return key.length >= 16 && key.length <= 128 ? key : undefined;
};

/** The key of a secret in its scheme: its bytes, except for Standard Webhooks. Undefined for an impossible secret. */
export function keyOfSecret(scheme: TriggerScheme, secret: string): Buffer | undefined {
  return scheme === 'standard_webhooks' ? standardKey(secret) : Buffer.from(secret, 'utf8');
}

/** A fresh secret, for schemes whose senders take any. Undefined where the sender makes it. */
export function newTriggerSecret(scheme: TriggerScheme): string | undefined {
  if (scheme === 'standard_webhooks') return prefix + randomBytes(32).toString('base64');
  return scheme === 'github' || scheme === 'hmac' ? randomBytes(32).toString('hex') : undefined;
}
