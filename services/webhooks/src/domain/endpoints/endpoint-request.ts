import { webhookEndpointRequestSchema, type WebhookEndpointRequest } from '@action-mesh/contracts/webhooks';
import { parseUrl, schemaProblems } from '@action-mesh/kernel';
import type { z } from 'zod';

import { InvalidEndpointError } from '../webhooks.errors.js';

/** Reads a request. Throws `InvalidEndpointError` with the place of each fault, never its value. */
export function readEndpointForm<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const read = schema.safeParse(given ?? {});
  if (!read.success) throw new InvalidEndpointError(schemaProblems(read.error.issues));
  return read.data;
}

/** Reads the request for an endpoint. `missingEntry` names the entry of EGRESS_ALLOW that a URL would need. */
export function readEndpoint(
  given: unknown,
  missingEntry: (url: string) => string | undefined,
): WebhookEndpointRequest {
  const request = readEndpointForm(webhookEndpointRequestSchema, given);
  const problem = urlProblem(request.url, missingEntry);
  if (problem !== undefined) throw new InvalidEndpointError([{ pointer: '/url', message: problem }]);
  return request;
}

function urlProblem(url: string, missingEntry: (url: string) => string | undefined): string | undefined {
  const parsed = parseUrl(url);
  if (parsed === undefined) return 'must be an http or https URL';
  if (parsed.username !== '' || parsed.password !== '') return 'must have no user and no password';
  if (parsed.hash !== '') return 'must have no fragment';
  const entry = missingEntry(url);
  return entry === undefined
    ? undefined
    : `is no https address of the public internet; the operator can allow it: EGRESS_ALLOW=${entry} for the webhooks service`;
}
