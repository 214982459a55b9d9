import { RequestRefusedError } from '../../domain/gateway.errors.js';
import { FieldScanner, isTokenCharacter } from './field-scanner.js';

export interface WaitLimits {
  /** The wait without a preference, milliseconds. */
  readonly waitMs: number;
  /** The longest wait that a caller may ask for, milliseconds. */
  readonly maxWaitMs: number;
}

export interface Preferences {
  readonly waitMs: number;
  /** The value of `Preference-Applied`. Absent when the request has no known preference. */
  readonly applied?: string;
}

/** One member of a `Prefer` header. Parameters after a semicolon are left out, since our preferences define none. */
interface Preference {
  /** In lower case. */
  readonly name: string;
  /** Empty when the preference has no value. */
  readonly value: string;
}

/**
 * Reads from `Prefer` (RFC 7240) how long the caller waits.
 *
 * - `wait=10`: up to ten seconds.
 * - `respond-async`: not at all.
 * - `respond-async, wait=10`: up to ten seconds.
 *
 * A longer wait than allowed is shortened, which the standard permits. Unknown preferences are ignored, which it
 * demands.
 */
export function readPreferences(header: string | undefined, limits: WaitLimits): Preferences {
  const preferences = header === undefined ? [] : readList(header);
  // The first of two equal preferences counts (RFC 7240, section 2).
  const wait = preferences.find(({ name }) => name === 'wait');
  const async = preferences.some(({ name }) => name === 'respond-async');
  if (wait !== undefined) {
    const waitMs = Math.min(seconds(wait.value) * 1_000, limits.maxWaitMs);
    return { waitMs, applied: `${async ? 'respond-async, ' : ''}wait=${Math.floor(waitMs / 1_000)}` };
  }
  return async ? { waitMs: 0, applied: 'respond-async' } : { waitMs: limits.waitMs };
}

/** The members of the list. A member that breaks the grammar is left out. A value that breaks it is kept unchanged. */
function readList(header: string): Preference[] {
  const list: Preference[] = [];
  const scanner = new FieldScanner(header);
  while (!scanner.isAtEnd) {
    scanner.skipSpace();
    const name = scanner.takeWhile(isTokenCharacter).toLowerCase();
    scanner.skipSpace();
    const value = scanner.take('=') ? readValue(scanner) : '';
    if (name !== '') list.push({ name, value });
    skipToComma(scanner);
  }
  return list;
}

function readValue(scanner: FieldScanner): string {
  scanner.skipSpace();
  const quoted = scanner.takeQuoted();
  const rest = scanner.takeWhile((code) => code !== comma && code !== semicolon).trimEnd();
  return (quoted ?? '') + rest;
}

/** Moves to the next member, past the parameters of this one. A comma within quotes ends nothing. */
function skipToComma(scanner: FieldScanner): void {
  while (!scanner.isAtEnd && !scanner.take(',')) {
    scanner.takeWhile((code) => code !== comma && code !== quote);
    scanner.takeQuoted();
  }
}

const quote = 0x22;
const comma = 0x2c;
const semicolon = 0x3b;
const zero = 0x30;
const nine = 0x39;

function seconds(text: string): number {
  const digits = new FieldScanner(text).takeWhile((code) => code >= zero && code <= nine);
  if (digits === text && text.length >= 1 && text.length <= 9) return Number(text);
  throw new RequestRefusedError(
    'preference_invalid',
    'The preference "wait" in the header Prefer is not a number of seconds.',
    'Send a whole number of seconds, such as "Prefer: wait=10".',
  );
}
