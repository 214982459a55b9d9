import { nameSchema } from '@action-mesh/contracts/gateway';

import { RequestRefusedError } from '../../domain/gateway.errors.js';
import { FieldScanner, isVisible } from './field-scanner.js';

/**
 * Reads the key of an `Idempotency-Key` header: a string of structured fields (RFC 9651, section 3.3.3). Many clients
 * send the string without quotes; that is accepted too. A list or a parameter is no key. Throws `RequestRefusedError`.
 */
export function readIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const scanner = new FieldScanner(header);
  scanner.skipSpace();
  const key = scanner.isAt('"') ? scanner.takeQuoted() : scanner.takeWhile(isBare);
  scanner.skipSpace();
  if (key !== undefined && scanner.isAtEnd && isPrintable(key) && nameSchema.safeParse(key).success)
    return key;
  throw new RequestRefusedError(
    'idempotency_key_invalid',
    'The header Idempotency-Key is not one key.',
    'Send one string of 1 to 200 printable characters in double quotes, such as "order-17".',
  );
}

function isBare(code: number): boolean {
  return isVisible(code) && code !== quote && code !== comma && code !== semicolon;
}

/** ASCII without control characters: the characters that a string of a structured field may hold. */
function isPrintable(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
}

const quote = 0x22;
const comma = 0x2c;
const semicolon = 0x3b;
