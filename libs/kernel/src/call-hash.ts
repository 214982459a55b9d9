import { hash } from 'node:crypto';
import { canonicalize } from './canonical-json.js';
import { defined } from './defined.js';
import type { JsonObject, JsonValue } from './json-value.js';

/** The content of a call: the request itself, without scope and occurrence. */
export interface CallContent {
  readonly tool: string;
  readonly majorVersion: number;
  /** The arguments as sent and validated, without filled-in defaults. */
  readonly arguments: JsonValue;
  /** The connection that the caller chose. The same request with another account is another call. */
  readonly connection?: string;
}

/** The fields that make two calls of one user the same call. */
export interface CallIdentity extends CallContent {
  /** Where "the same call" has a meaning: a run, a session, a time window, everywhere. */
  readonly scope: string;
  /** Distinguishes wanted repetitions within one scope. The number 1 and the text `'1'` are two occurrences. */
  readonly occurrence?: string | number;
  /** Absent for a live call. A rehearsal is another call than the live one, with the same content. */
  readonly mode?: string;
}

/*
 * The tags name the algorithm and keep the two kinds of hash apart. They change whenever anything below changes: stored
 * hashes outlive releases, and the same call under another hash is executed again.
 */
const callTag = 'action-mesh/call/v1';
const contentTag = 'action-mesh/content/v1';

/**
 * The identity of a call within its user, as lower-case hex SHA-256. Throws `IJsonError` when a part has no JSON
 * form.
 */
export function callHash(identity: CallIdentity): string {
  const { scope, occurrence, mode } = identity;
  return digest(callTag, {
    ...content(identity),
    scope,
    ...defined({ occurrence, mode }),
  });
}

/**
 * The hash of the content of a call, without scope and occurrence, as lower-case hex SHA-256. Two requests under one
 * idempotency key conflict when their content hashes differ. Throws `IJsonError` when a part has no JSON form.
 */
export function contentHash(call: CallContent): string {
  return digest(contentTag, content(call));
}

function content(call: CallContent): JsonObject {
  const { connection } = call;
  return {
    tool: call.tool,
    major: call.majorVersion,
    arguments: call.arguments,
    ...defined({ connection }),
  };
}

function digest(tag: string, value: JsonObject): string {
  return hash('sha256', `${tag}\n${canonicalize(value)}`, 'hex');
}
