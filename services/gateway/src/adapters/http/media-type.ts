import { FieldScanner, isTokenCharacter } from './field-scanner.js';

/** A `Content-Type` header (RFC 9110, section 8.3.1). Names and values are in lower case. */
export interface MediaType {
  /** `application/json`. */
  readonly essence: string;
  readonly charset?: string;
}

/** Reads a `Content-Type` header. Undefined when the header breaks the grammar or gives a charset twice. */
export function readMediaType(header: string): MediaType | undefined {
  const scanner = new FieldScanner(header);
  scanner.skipSpace();
  const type = scanner.takeWhile(isTokenCharacter);
  const subtype = scanner.take('/') ? scanner.takeWhile(isTokenCharacter) : '';
  if (type === '' || subtype === '') return undefined;
  let charset: string | undefined;
  for (;;) {
    scanner.skipSpace();
    if (scanner.isAtEnd) break;
    if (!scanner.take(';')) return undefined;
    scanner.skipSpace();
    const name = scanner.takeWhile(isTokenCharacter).toLowerCase();
    if (name === '') continue;
    const value = scanner.take('=') ? readParameterValue(scanner) : undefined;
    if (value === undefined || (name === 'charset' && charset !== undefined)) return undefined;
    if (name === 'charset') charset = value.toLowerCase();
  }
  const essence = `${type}/${subtype}`.toLowerCase();
  return charset === undefined ? { essence } : { essence, charset };
}

/** Whether the type is `application/json` or `application/<something>+json` in UTF-8, the one encoding of JSON (RFC 8259). */
export function isUtf8Json({ essence, charset = 'utf-8' }: MediaType): boolean {
  const isJson =
    essence === 'application/json' || (essence.startsWith('application/') && essence.endsWith('+json'));
  return isJson && (charset === 'utf-8' || charset === 'utf8');
}

/** Whether the type belongs to an HTML form in UTF-8. */
export function isForm({ essence, charset = 'utf-8' }: MediaType): boolean {
  return essence === 'application/x-www-form-urlencoded' && (charset === 'utf-8' || charset === 'utf8');
}

function readParameterValue(scanner: FieldScanner): string | undefined {
  if (scanner.isAt('"')) return scanner.takeQuoted();
  const token = scanner.takeWhile(isTokenCharacter);
  return token === '' ? undefined : token;
}
