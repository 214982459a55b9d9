import { callRequestSchema, toolSelectorSchema, type CallRequest } from '@action-mesh/contracts/gateway';
import type { JsonValue } from '@action-mesh/kernel';

import { RequestRefusedError } from './gateway.errors.js';
import { readRequestForm } from './request-form.js';

/**
 * The body of `POST /v1/tools/{slug}/execute`: a call without its tool, perhaps with a version. The address names the
 * tool.
 */
export const toolCallSchema = callRequestSchema.omit({ tool: true }).extend({
  version: toolSelectorSchema.optional(),
});

/** Reads a whole call. Throws {@link RequestRefusedError}. */
export function readCallRequest(json: JsonValue): CallRequest {
  return readRequestForm(callRequestSchema, json, 'a call');
}

/** Reads a call of the tool `slug`. Throws {@link RequestRefusedError}. */
export function readToolCall(slug: string, json: JsonValue): CallRequest {
  const { version, ...call } = readRequestForm(toolCallSchema, json, 'a call');
  return { ...call, tool: version === undefined ? { slug } : { slug, version } };
}

/** Adds the key of the `Idempotency-Key` header to the request as its member `idempotency_key`. */
export function withIdempotencyKey(request: CallRequest, key: string | undefined): CallRequest {
  if (key === undefined || key === request.idempotency_key) return request;
  if (request.idempotency_key === undefined) return { ...request, idempotency_key: key };
  throw new RequestRefusedError(
    'idempotency_key_mismatch',
    'The header Idempotency-Key and the member idempotency_key are two different keys.',
    'Send the key once, or the same key twice.',
    { problems: [{ pointer: '/idempotency_key', message: 'must equal the header Idempotency-Key' }] },
  );
}
