import type { TriggerScheme } from '@action-mesh/contracts/gateway';
import { IJsonError, parseIJson, type JsonValue } from '@action-mesh/kernel';

import { RequestRefusedError } from './gateway.errors.js';
import { quoteInexactNumbers } from './inexact-numbers.js';

/** The kind of a body, by its media type. */
export type DeliveryBodyKind = 'json' | 'form' | 'other';

/** The content of a verified delivery. */
export interface DeliveryContent {
  readonly payload: JsonValue;
  /** The sender's id of the event, if the body has one. */
  readonly eventId: string | undefined;
  /** The text that a sender wants back to learn that the address belongs to its user. */
  readonly challenge: string | undefined;
}

const maxDepth = 100;
const mostFields = 1_000;
const longestId = 256;

/** Reads the body of a delivery whose signature is right. Throws {@link RequestRefusedError}. */
export function readDelivery(scheme: TriggerScheme, kind: DeliveryBodyKind, body: Buffer): DeliveryContent {
  const payload = payloadOf(kind, body);
  return { payload, eventId: eventIdOf(scheme, payload), challenge: challengeOf(scheme, payload) };
}

function payloadOf(kind: DeliveryBodyKind, body: Buffer): JsonValue {
  if (body.length === 0) return {};
  if (kind === 'json') return readText(body.toString('utf8'), body);
  if (kind === 'form') return formOf(body);
  throw new RequestRefusedError(
    'delivery_unreadable',
    'The signature is right, and the body is neither JSON nor a form in UTF-8.',
    'Let the other system send JSON with "Content-Type: application/json", or a form.',
  );
}

function readText(text: string, bytes: Buffer = Buffer.from(text)): JsonValue {
  try {
    const exact = quoteInexactNumbers(text);
    // Bytes that are not UTF-8 have become replacement characters in the text.
    const source = exact === text || text.includes('\ufffd') ? bytes : exact;
    return parseIJson(source, { maxBytes: 3 * bytes.length + 16, maxDepth });
  } catch (error) {
    if (!(error instanceof IJsonError)) throw error;
    throw new RequestRefusedError(
      'delivery_unreadable',
      `The signature is right, and the body is not I-JSON (RFC 7493): ${error.message}.`,
      'Correct the place that "errors" names in the other system.',
      { problems: [{ pointer: error.pointer, code: error.code, message: error.message }] },
    );
  }
}

/** A field named `payload` with a JSON object is the body of Slack's interactivity and of GitHub's forms. */
function formOf(body: Buffer): JsonValue {
  const fields = new URLSearchParams(body.toString('utf8'));
  if (fields.size > mostFields) {
    throw new RequestRefusedError(
      'delivery_unreadable',
      `The form has more than ${mostFields} fields.`,
      'Let the other system send fewer fields.',
    );
  }
  const only = fields.size === 1 ? fields.get('payload') : null;
  if (only?.startsWith('{') === true) return readText(only);
  const payload: Record<string, JsonValue> = {};
  for (const name of new Set(fields.keys())) {
    const values = fields.getAll(name);
    // Assignment would turn this name into a prototype.
    if (name !== '__proto__') payload[name] = values.length === 1 ? (values[0] ?? '') : values;
  }
  return payload;
}

function eventIdOf(scheme: TriggerScheme, payload: JsonValue): string | undefined {
  if (scheme === 'stripe') return textIn(payload, 'id');
  if (scheme === 'slack') return textIn(payload, 'event_id') ?? textIn(payload, 'trigger_id');
  if (scheme !== 'hubspot' || !Array.isArray(payload)) return undefined;
  // A repetition has the same events, another number of the attempt, and another time.
  const ids = payload.map((event: JsonValue) => numberIn(event, 'eventId'));
  const text = ids.includes(undefined) ? '' : ids.join(',');
  return text !== '' && text.length <= longestId ? text : undefined;
}

function challengeOf(scheme: TriggerScheme, payload: JsonValue): string | undefined {
  if (scheme !== 'slack' || textIn(payload, 'type') !== 'url_verification') return undefined;
  return textIn(payload, 'challenge');
}

function textIn(value: JsonValue, name: string): string | undefined {
  const found = memberOf(value, name);
  return typeof found === 'string' && found !== '' && found.length <= longestId ? found : undefined;
}

function numberIn(value: JsonValue, name: string): string | undefined {
  const found = memberOf(value, name);
  return typeof found === 'number' || typeof found === 'string' ? String(found) : undefined;
}

function memberOf(value: JsonValue, name: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
