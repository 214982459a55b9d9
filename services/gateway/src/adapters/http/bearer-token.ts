import { FieldScanner, isVisible } from './field-scanner.js';

/** The token of an `Authorization` header (RFC 6750, section 2.1). Undefined for any other content. */
export function readBearerToken(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const scanner = new FieldScanner(header);
  const scheme = scanner.takeWhile(isVisible).toLowerCase();
  scanner.skipSpace();
  const token = scanner.takeWhile(isVisible);
  scanner.skipSpace();
  return scheme === 'bearer' && token !== '' && scanner.isAtEnd ? token : undefined;
}
