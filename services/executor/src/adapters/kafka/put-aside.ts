import {
  CallSubmitted,
  nameSchema,
  publisherTokenHeader,
  toolSlugSchema,
} from '@action-mesh/contracts/gateway';
import type { IdentityDirectory } from '@action-mesh/identity';
import { defined, nestsDeeper, parseTraceparent } from '@action-mesh/kernel';
import type { IncomingRecord } from '@action-mesh/messaging';
import { z } from 'zod';

import type { PutAside } from '../../application/refuse-record.js';
import { tokenRefusal } from './publisher-token.js';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Far deeper than a call. The stack holds far more levels. */
const deepest = 512;

/** The readable parts of a value that is not a call. Each member is read by itself. */
const partSchema = z.object({
  call_id: z.string().optional().catch(undefined),
  tenant_id: nameSchema.optional().catch(undefined),
  user_id: nameSchema.optional().catch(undefined),
  tool: z.object({ slug: toolSlugSchema }).optional().catch(undefined),
});

const fixes: Readonly<Record<string, string>> = {
  MISSING_HEADER: `Add the header: ce_id, ce_type, ce_source and ${publisherTokenHeader} are required.`,
  UNKNOWN_EVENT_TYPE: 'Publish with the header ce_type mesh.call.submitted.v1.',
  UNSUPPORTED_CONTENT_TYPE:
    'Publish with the header content-type application/json, and write the value in UTF-8.',
  NULL_KEY: 'Give the record a key, for example the call id.',
  INVALID_JSON: 'Write the value as JSON in UTF-8.',
  SCHEMA_VIOLATION: 'Correct the members that the message names.',
  RECORD_TOO_LARGE: 'Write less than a megabyte, headers included.',
  TOO_DEEP: 'Write a value that nests less.',
  CALL_ID_CONFLICT: 'Use a new call id for each new call.',
};

/** Faults of the executor, not of a record. */
const ownFaults: ReadonlySet<string> = new Set([
  'HANDLER_THREW',
  'HANDLER_TIMEOUT',
  'HANDLER_RETURNED_NO_OUTCOME',
  'RETRIES_EXHAUSTED',
]);

/** Whether a record is refused for its publisher's mistake. A writer of the ingress may write anything. */
export function isPublishersFault({ topic }: IncomingRecord, reason: string): boolean {
  return topic === CallSubmitted.topic && !ownFaults.has(reason);
}

/**
 * Describes a dead-lettered record, as far as it can be read. A record without a valid token reveals only its call id
 * and the fault of the token, and belongs to no tenant.
 */
export function putAside(
  record: IncomingRecord,
  reason: string,
  message: string,
  {
    directory,
    nowMs,
  }: { readonly directory: Pick<IdentityDirectory, 'authenticate'>; readonly nowMs: number },
): PutAside {
  const { topic, partition, offset, headers } = record;
  const part = readPart(record.value);
  const callId = [part.call_id, record.key?.toString('utf8')].find((id) => id !== undefined && uuid.test(id));
  const place = { topic, partition, offset, callId };
  // Only services of the mesh write other topics, so the tenant in such a record counts.
  let tenantId = part.tenant_id;
  if (topic === CallSubmitted.topic) {
    const publisher = directory.authenticate(headers[publisherTokenHeader], 'publisher', nowMs);
    if (!publisher.ok) return { ...place, tenantId: undefined, ...tokenRefusal(publisher.fault) };
    ({ tenantId } = publisher.principal);
  }
  const trace = parseTraceparent(headers['traceparent'], headers['tracestate']);
  return {
    ...place,
    tenantId,
    code: reason,
    message,
    fix: fixes[reason] ?? 'Correct the record as the message says, and publish it again under a new call id.',
    about: {
      ...defined({ userId: part.user_id }),
      ...(part.tool === undefined ? {} : { tool: part.tool.slug }),
    },
    ...defined({ trace }),
  };
}

function readPart(value: Buffer | null): z.infer<typeof partSchema> {
  if (value === null || nestsDeeper(value, deepest)) return {};
  try {
    return partSchema.parse(JSON.parse(value.toString('utf8')));
  } catch {
    return {};
  }
}
