import type { AnswerHeader, RequestHeader } from './route-document.js';

const text = { type: 'string' } as const;
const seconds = { type: 'integer', minimum: 0 } as const;

/** The headers of answers, by name. */
export const documentHeaders = {
  ETag: { description: 'The tag of this version of the answer.', schema: text },
  Location: { description: 'The address of the call.', schema: text },
  'Preference-Applied': { description: 'The preference that the gateway followed (RFC 7240).', schema: text },
  'RateLimit-Limit': { description: 'The most at once, or in the day.', schema: seconds },
  'RateLimit-Remaining': { description: 'What is left.', schema: seconds },
  'RateLimit-Reset': { description: 'Seconds until the quota has room.', schema: seconds },
  'Retry-After': { description: 'Seconds after which the same request makes sense.', schema: seconds },
  traceparent: { description: 'The trace of the call (W3C Trace Context).', schema: text },
  'WWW-Authenticate': { description: 'The challenge of RFC 6750.', schema: text },
} as const satisfies Record<AnswerHeader, object> & Record<string, object>;

/** A reference to one of {@link documentHeaders}. */
export function headerReference(name: keyof typeof documentHeaders): object {
  return { $ref: `#/components/headers/${name}` };
}

const header = (name: RequestHeader, description: string, schema: object, example?: string) => ({
  name,
  in: 'header',
  description,
  schema,
  ...(example === undefined ? {} : { example }),
});

/** The headers of requests, by name. `Authorization` and `traceparent` go with every route. */
export const requestHeaders: Readonly<Record<RequestHeader, object>> = {
  'Idempotency-Key': header(
    'Idempotency-Key',
    'Identifies the call. A repetition with the same content gets the same outcome; other content is refused.',
    { type: 'string', minLength: 1, maxLength: 1_024 },
    '"order-17"',
  ),
  Prefer: header(
    'Prefer',
    '`wait=N` waits up to N seconds for the outcome, and `respond-async` not at all (RFC 7240).',
    { type: 'string', maxLength: 1_024 },
    'wait=10',
  ),
  'Last-Event-ID': header('Last-Event-ID', 'The `id` of the last event that the reader has.', text),
  'If-None-Match': header('If-None-Match', 'The tag of the copy that the reader has.', text),
};
