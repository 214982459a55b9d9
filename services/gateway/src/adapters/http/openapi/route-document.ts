import type { z } from 'zod';

import type { ProblemCode } from '../problem-table.js';

/** The areas of the API, in the order in which the reference shows them. */
export const areas = {
  calls: 'Submit calls, follow them, look them up and undo them.',
  'dead letters': 'Calls and records that need a person.',
  tools: 'The tools that calls can run, and their toolkits.',
  connections: 'Accounts of users at providers, and requests with their credentials.',
  policies: 'Rules that allow calls, deny them or ask a person.',
  limits: 'Limits of the tenant, and the state of providers.',
  triggers: 'Events from outside.',
  webhooks: 'Events to outside.',
  approvals: 'Calls that wait for the agreement of a person.',
  flows: 'Flows as code, and their runs.',
  history: 'What happened, why, and the proof that nobody changed it.',
  keys: 'Callers: tenants, keys and kill switches.',
  pages: 'Pages for browsers.',
  operation: 'The state of the gateway, and this document.',
} as const;

/** The name of an area of the API. */
export type Area = keyof typeof areas;

/** A header of a request that a route reads. */
export type RequestHeader = 'Idempotency-Key' | 'Prefer' | 'Last-Event-ID' | 'If-None-Match';

/** A header of an answer that is no problem. */
export type AnswerHeader = 'Location' | 'Preference-Applied' | 'Retry-After' | 'traceparent' | 'ETag';

/** One answer of a route. */
export interface DocumentedAnswer {
  readonly description: string;
  /** Registered in `answerSchemas`. Absent: the answer has no JSON. */
  readonly schema?: z.ZodType;
  /** The content types without JSON, such as `text/html`. */
  readonly types?: readonly string[];
  readonly headers?: readonly AnswerHeader[];
}

/** The part of a route that the table of routes does not have: its parameters, bodies, answers and problems. */
export interface RouteDocument {
  readonly area: Area;
  /** For readers: the facts that the summary leaves out. */
  readonly description?: string;
  /** The schema of the query. Absent: the route reads no query. */
  readonly query?: z.ZodObject;
  /** The schema of the JSON body, registered in `requestSchemas`. */
  readonly body?: z.ZodType;
  /** The body may be absent. @default false */
  readonly isBodyOptional?: boolean;
  /** A body that a reader can send as it is. */
  readonly example?: unknown;
  readonly headers?: readonly RequestHeader[];
  /** By status. */
  readonly answers: Readonly<Record<number, DocumentedAnswer>>;
  /** The codes of problems, beyond those that every route of its kind can have. */
  readonly problems?: readonly ProblemCode[];
  /** The answer and its refusals can have the form of a model's tool call. @default false */
  readonly isForModels?: boolean;
}
