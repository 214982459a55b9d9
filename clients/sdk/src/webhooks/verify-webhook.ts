import { parseExactJson } from '../http/exact-json.js';
import { WebhookVerificationError } from '../mesh.errors.js';

/** A webhook whose signature is valid. */
export interface VerifiedWebhook {
  /** The same for every delivery of one message: drop a message that you have seen. */
  readonly id: string;
  readonly timestamp: Date;
  /** Such as `outcome.succeeded`. */
  readonly type: string;
  readonly data: unknown;
}

/** The headers of a request: those of Fetch, or of Node. */
export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/** Options of `webhooks.verify`. */
export interface VerifyOptions {
  /**
   * The largest difference between the time of the signature and now, milliseconds.
   *
   * @default 300_000
   */
  readonly toleranceMs?: number | undefined;
  /** The present time. */
  readonly now?: Date | undefined;
}

type VerifyingKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** More signatures than a rotation of secrets needs. */
const mostSignatures = 20;

/**
 * Checks a webhook of the mesh (Standard Webhooks): its signature over the raw body, in constant time, and its age.
 * `secret` is the `whsec_…` of the endpoint. Throws `WebhookVerificationError`.
 */
export async function verifyWebhook(
  rawBody: string | Uint8Array,
  headers: WebhookHeaders,
  secret: string,
  { toleranceMs = 300_000, now = new Date() }: VerifyOptions = {},
): Promise<VerifiedWebhook> {
  const id = header(headers, 'webhook-id');
  const time = header(headers, 'webhook-timestamp');
  const given = signaturesOf(header(headers, 'webhook-signature'));
  if (!/^\d{1,12}$/.test(time))
    throw refused('webhook_header_invalid', 'The header webhook-timestamp is no time.');
  const timestamp = new Date(Number(time) * 1_000);
  if (Math.abs(now.getTime() - timestamp.getTime()) > toleranceMs) {
    throw new WebhookVerificationError(
      'webhook_too_old',
      'The signature is too old, or from the future.',
      'Check the clock of this machine. A message that was kept for long is sent again with a new signature.',
    );
  }
  const body = typeof rawBody === 'string' ? new TextEncoder().encode(rawBody) : rawBody;
  const signed = joined(new TextEncoder().encode(`${id}.${time}.`), body);
  const key = await importKey(secret);
  const valid = await Promise.all(
    given.map((signature) => crypto.subtle.verify('HMAC', key, signature, signed)),
  );
  if (!valid.includes(true)) {
    throw new WebhookVerificationError(
      'webhook_signature_invalid',
      'No signature of the webhook fits.',
      'Pass the raw body, byte by byte as it came, and the secret of this endpoint.',
    );
  }
  return { id, timestamp, ...readMessage(new TextDecoder().decode(body)) };
}

function readMessage(text: string): Pick<VerifiedWebhook, 'type' | 'data'> {
  const message = parseExactJson(text) as Partial<VerifiedWebhook> | null;
  return { type: String(message?.type), data: message?.data };
}

function header(headers: WebhookHeaders, name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : headers[name];
  if (typeof value === 'string' && value !== '') return value;
  throw refused('webhook_header_missing', `The header ${name} is missing.`);
}

function refused(code: string, message: string): WebhookVerificationError {
  return new WebhookVerificationError(code, message, 'Answer 400: the request is no webhook of the mesh.');
}

/** The signatures of version 1. Others belong to other kinds of keys. */
function signaturesOf(text: string): Uint8Array<ArrayBuffer>[] {
  return text
    .split(' ', mostSignatures)
    .filter((part) => part.startsWith('v1,'))
    .flatMap((part) => decodeBase64(part.slice(3)) ?? []);
}

async function importKey(secret: string): Promise<VerifyingKey> {
  const bytes = decodeBase64(secret.replace(/^whsec_/, ''));
  if (bytes === undefined || bytes.length === 0) {
    throw new WebhookVerificationError(
      'webhook_secret_invalid',
      'The secret is not one of a webhook endpoint.',
      'Pass the `secret` that the mesh showed when the endpoint was made. It begins with `whsec_`.',
    );
  }
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
