import type { CallView } from '@action-mesh/contracts/executor';
import { jsonAt } from '@action-mesh/kernel';
import { z } from 'zod';

import { RequestRefusedError } from '../domain/gateway.errors.js';

/** The result of a call as the provider gave it. */
export interface CallResult {
  /** As the provider named it. Reject it where it could be harmful. */
  readonly contentType: string;
  readonly bytes: Buffer;
}

const upstreamSchema = z.looseObject({
  body: z.enum(['text', 'binary', 'undecodable']).optional(),
  incomplete: z.boolean().optional(),
});
const binarySchema = z.looseObject({ content_type: z.string().optional(), base64: z.string() });

const json = 'application/json; charset=utf-8';
const text = 'text/plain; charset=utf-8';
const bytes = 'application/octet-stream';

/** The exact result of a call. Throws `RequestRefusedError` when the call has none, or none yet. */
export function callResult({ outcome, state }: Pick<CallView, 'outcome' | 'state'>): CallResult {
  const result = outcome === undefined ? undefined : jsonAt(outcome.text, '/result');
  if (outcome === undefined || result === undefined) throw noResult(outcome?.text, state);
  const upstream = jsonAt(outcome.text, '/upstream');
  const { body } = upstream === undefined ? {} : upstreamSchema.parse(JSON.parse(upstream));
  if (body === undefined) return { contentType: json, bytes: Buffer.from(result) };
  const value: unknown = JSON.parse(result);
  if (body === 'text' && typeof value === 'string') return { contentType: text, bytes: Buffer.from(value) };
  const read = binarySchema.safeParse(value);
  if (!read.success) return { contentType: json, bytes: Buffer.from(result) };
  return {
    // An answer that cannot be decoded is not of its own type.
    contentType: body === 'binary' ? (read.data.content_type ?? bytes) : bytes,
    bytes: Buffer.from(read.data.base64, 'base64'),
  };
}

const ended: readonly CallView['state'][] = [
  'SUCCEEDED',
  'FAILED',
  'CANCELLED',
  'DEAD',
  'NEEDS_REVIEW',
  'REHEARSED',
];

function noResult(outcome: string | undefined, state: CallView['state']): RequestRefusedError {
  if (!ended.includes(state)) {
    return new RequestRefusedError(
      'result_not_ready',
      `The call is ${state} and has no result yet.`,
      'Send the same request again later. GET /v1/outcomes tells the outcome as it comes.',
    );
  }
  const upstream = outcome === undefined ? undefined : jsonAt(outcome, '/upstream');
  const isIncomplete =
    upstream !== undefined && upstreamSchema.parse(JSON.parse(upstream)).incomplete === true;
  return new RequestRefusedError(
    'result_not_found',
    isIncomplete
      ? 'The answer of the provider broke off, does not decode, or is larger than the tool keeps.'
      : `The call is ${state}, and the provider gave no result.`,
    'GET /v1/calls/{id} shows the outcome with its error.',
  );
}
