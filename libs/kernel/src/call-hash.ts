import { hash } from 'node:crypto';
import { canonicalize } from './canonical-json.js';
import type { JsonObject, JsonValue } from './json-value.js';

/** What a call asks for, wherever and however often it is asked. */
export interface CallContent {
  readonly tool: string;
  readonly majorVersion: number;
  /** As they were sent and validated; nothing is filled in. */
  readonly arguments: JsonValue;
}

/** What makes two calls of one user the same call. */
export interface CallIdentity extends CallContent {
  /** Where "the same call" has a meaning: a run, a session, a time window, everywhere. */
  readonly scope: string;
  /** Tells wanted repetitions within one scope apart. The number 1 and the text `'1'` are two occurrences. */
  readonly occurrence?: string | number;
}

/*
 * The tags name the algorithm and keep the two kinds of hash apart. They change whenever anything below changes: stored
 * hashes outlive releases, and the same call under another hash is executed again.
 */
const CALL_TAG = 'action-mesh/call/v1';
const CONTENT_TAG = 'action-mesh/content/v1';

/** The identity of a call within its user: lower-case hex SHA-256. Throws `IJsonError` where a part has no JSON form. */
export function callHash(identity: CallIdentity): string {
  const { scope, occurrence } = identity;
  return digest(CALL_TAG, {
    ...content(identity),
    scope,
    ...(occurrence === undefined ? {} : { occurrence }),
  });
}

/**
 * What a call asks for, without where: lower-case hex SHA-256. Two requests under one idempotency key conflict when
 * these differ. Throws `IJsonError` where a part has no JSON form.
 */
export function contentHash(call: CallContent): string {
  return digest(CONTENT_TAG, content(call));
}

function content(call: CallContent): JsonObject {
  return { tool: call.tool, major: call.majorVersion, arguments: call.arguments };
}

function digest(tag: string, value: JsonObject): string {
  return hash('sha256', `${tag}\n${canonicalize(value)}`, 'hex');
}
