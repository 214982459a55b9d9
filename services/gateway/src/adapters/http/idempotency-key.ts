import { nameSchema } from '@action-mesh/contracts/gateway';

import { RequestRefusedError } from '../../domain/gateway.errors.js';

const QUOTED = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
/** What many clients send: the key without its quotes. Nothing that could be a list or a parameter. */
const BARE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x7e]+$/;

/**
 * The key in an `Idempotency-Key` header: a string as structured fields write it (RFC 9651), or the same without quotes.
 * Throws `RequestRefusedError` for anything else.
 */
export function readIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const quoted = QUOTED.exec(text)?.[1];
  const key = quoted === undefined ? BARE.exec(text)?.[0] : quoted.replace(/\\(.)/g, '$1');
  if (key !== undefined && nameSchema.safeParse(key).success) return key;
  throw new RequestRefusedError(
    'idempotency_key_invalid',
    'The header Idempotency-Key is not one key.',
    'Send one string of 1 to 200 printable characters in double quotes, such as "order-17".',
  );
}
