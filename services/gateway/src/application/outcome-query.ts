import { outcomeStatusSchema } from '@action-mesh/contracts/executor';
import { listLimitSchema, nameSchema, toolSlugSchema } from '@action-mesh/contracts/gateway';
import { z } from 'zod';

import { RequestRefusedError } from '../domain/gateway.errors.js';
import type { OutcomeFilter } from '../domain/outcome-filter.js';
import { readQuery } from '../domain/request-form.js';
import { readStreamCursor, type StreamCursor } from '../domain/stream-cursor.js';
import type { StreamWish } from './outcome-streams.js';

/** The most calls that one reader names. */
const mostCalls = 100;
/** The longest wait of a request, seconds. Proxies often cut a connection that is silent for 60 s. */
const longestWaitS = 55;
/** The default and the largest number of outcomes in one answer. */
const usualLimit = 100;
const largestLimit = 1_000;

/** A list as a repeated parameter, with commas, or both. */
const texts = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => [given].flat().flatMap((text) => text.split(',')));

const filterShape = {
  user_id: nameSchema.optional(),
  run_id: nameSchema.optional(),
  call_id: texts
    .pipe(z.array(z.uuid('must be ids of calls')).max(mostCalls, `must be at most ${mostCalls} ids`))
    .optional(),
  tool: toolSlugSchema.optional(),
  status: texts.pipe(z.array(outcomeStatusSchema)).optional(),
  after: z.string().max(16_384).optional(),
};

const streamSchema = z.strictObject(filterShape);

/** The query of a reader that waits for one answer with outcomes. */
export const outcomePollSchema = z.strictObject({
  ...filterShape,
  wait: z
    .string()
    .regex(/^\d{1,2}$/, `must be a number of seconds up to ${longestWaitS}`)
    .transform(Number)
    .refine((seconds) => seconds <= longestWaitS, `must be a number of seconds up to ${longestWaitS}`)
    .default(0),
  limit: listLimitSchema(largestLimit).default(usualLimit),
});

/** The wish of a reader that waits for one answer. */
export interface OutcomePollQuery extends StreamWish {
  readonly waitMs: number;
  readonly limit: number;
}

/**
 * Reads the query of a stream. `lastEventId` is the cursor of a reader that connects again; it is newer than the one in
 * the address. Throws `RequestRefusedError`.
 */
export function readStreamQuery(parameters: unknown, lastEventId: string | undefined): StreamWish {
  const query = readQuery(streamSchema, parameters, 'a query for a stream of outcomes');
  const isResumed = lastEventId !== undefined && lastEventId !== '';
  return outcomeQuery(query, isResumed ? lastEventId : query.after, isResumed ? 'Last-Event-ID' : 'after');
}

/** Reads the query of one answer. Throws `RequestRefusedError`. */
export function readPollQuery(parameters: unknown): OutcomePollQuery {
  const query = readQuery(outcomePollSchema, parameters, 'a query for outcomes');
  return { ...outcomeQuery(query, query.after, 'after'), waitMs: query.wait * 1_000, limit: query.limit };
}

function outcomeQuery(
  query: z.infer<typeof streamSchema>,
  after: string | undefined,
  name: string,
): StreamWish {
  const { user_id: userId, run_id: runId, call_id: callIds, tool, status } = query;
  const filter: OutcomeFilter = {
    userId,
    runId,
    tool,
    callIds: callIds && new Set(callIds.map((id) => id.toLowerCase())),
    statuses: status && new Set(status),
  };
  return after === undefined ? { filter } : { filter, after: readAfter(after, name) };
}

function readAfter(text: string, name: string): StreamCursor {
  const cursor = readStreamCursor(text);
  if (cursor !== undefined) return cursor;
  throw new RequestRefusedError(
    'cursor_unknown',
    `The value of ${name} is not a cursor of outcomes.`,
    'Send the cursor of an earlier answer unchanged, or leave it out to start now.',
    { problems: [{ pointer: '/after', message: 'is not a cursor of outcomes' }] },
  );
}
