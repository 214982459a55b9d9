import type { RequestProblem } from '@action-mesh/admission';
import { callRequestSchema, semanticVersionSchema, type CallRequest } from '@action-mesh/contracts/gateway';
import { jsonPointer, type JsonValue } from '@action-mesh/kernel';
import type { z } from 'zod';

import { RequestRefusedError } from './gateway.errors.js';

/** The body of "execute this tool": a call without its tool, which the address names, and perhaps its version. */
const toolCallSchema = callRequestSchema.omit({ tool: true }).extend({
  version: semanticVersionSchema.optional(),
});

/** Reads a whole call. Throws {@link RequestRefusedError}. */
export function readCallRequest(json: JsonValue): CallRequest {
  return check(callRequestSchema, json);
}

/** Reads a call of the tool `slug`. Throws {@link RequestRefusedError}. */
export function readToolCall(slug: string, json: JsonValue): CallRequest {
  const { version, ...call } = check(toolCallSchema, json);
  return { ...call, tool: version === undefined ? { slug } : { slug, version } };
}

/** The request with the key of the `Idempotency-Key` header, which is the member `idempotency_key` by another road. */
export function withIdempotencyKey(request: CallRequest, key: string | undefined): CallRequest {
  if (key === undefined || key === request.idempotency_key) return request;
  if (request.idempotency_key === undefined) return { ...request, idempotency_key: key };
  throw new RequestRefusedError(
    'idempotency_key_mismatch',
    'The header Idempotency-Key and the member idempotency_key are two different keys.',
    'Send the key once, or the same key twice.',
    [{ pointer: '/idempotency_key', message: 'must equal the header Idempotency-Key' }],
  );
}

function check<Schema extends z.ZodType>(schema: Schema, json: JsonValue): z.output<Schema> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new RequestRefusedError(
    'invalid_request',
    'The request does not have the form of a call.',
    'Correct the members that "errors" names.',
    parsed.error.issues.flatMap((issue) => describe(issue, json)).slice(0, MOST_PROBLEMS),
  );
}

/** More than anybody mends at once, and a bound on what a hostile body makes us write. */
const MOST_PROBLEMS = 20;

function describe(issue: z.core.$ZodIssue, json: JsonValue): RequestProblem[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: jsonPointer([...path, key]),
      message: 'is not a member of a call',
    }));
  }
  const missing = issue.code === 'invalid_type' && path.length > 0 && !isPresent(json, path);
  return [{ pointer: jsonPointer(path), message: missing ? 'is required and missing' : issue.message }];
}

function isPresent(json: JsonValue, path: readonly (string | number)[]): boolean {
  let value: unknown = json;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return false;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return true;
}
