import type { ApiSchemas } from '../generated/api.js';
import {
  AuthenticationError,
  ConflictError,
  InvalidRequestError,
  MeshFailureError,
  NotFoundError,
  PermissionError,
  KillSwitchError,
  TooManyRequestsError,
  UnexpectedAnswerError,
  type MeshClientError,
  type MeshErrorFacts,
} from '../mesh.errors.js';

/** The error for an answer that is not a success. `text` is the body of the answer. */
export function errorOfAnswer(response: Response, text: string): MeshClientError {
  const problem = readProblem(text);
  const facts: MeshErrorFacts = {
    status: response.status,
    requestId: response.headers.get('x-request-id') ?? undefined,
    traceId: problem?.trace_id ?? traceIdOf(response.headers.get('traceparent')),
    callId: problem?.call_id,
    retryAfterMs: readRetryAfterMs(response.headers.get('retry-after')),
    issues: problem?.errors?.map(({ pointer, message }) => ({ pointer, message })),
    fixes: problem?.fix === undefined ? [] : [problem.fix],
  };
  if (problem === undefined) {
    return new UnexpectedAnswerError(
      'unexpected_answer',
      `The address answered ${response.status}, but not as a mesh does.`,
      {
        ...facts,
        fixes: [
          'Check that MESH_URL or `baseUrl` is the address of a mesh, and look at the proxies before it.',
        ],
      },
    );
  }
  const places = (problem.errors ?? []).slice(0, 5).map(({ pointer, message }) => `${pointer}: ${message}`);
  const message = [problem.detail, ...places].join('\n  ');
  return new (classOf(response.status))(problem.code, message, facts);
}

function classOf(status: number): typeof MeshClientError {
  const listed = byStatus[status];
  if (listed !== undefined) return listed;
  return status >= 500 ? MeshFailureError : InvalidRequestError;
}

const byStatus: Readonly<Record<number, typeof MeshClientError>> = {
  401: AuthenticationError,
  403: PermissionError,
  404: NotFoundError,
  409: ConflictError,
  410: ConflictError,
  412: ConflictError,
  423: KillSwitchError,
  429: TooManyRequestsError,
};

function readProblem(text: string): ApiSchemas['Problem'] | undefined {
  try {
    const read = JSON.parse(text) as Partial<ApiSchemas['Problem']> | null;
    return typeof read?.code === 'string' && typeof read.detail === 'string'
      ? (read as ApiSchemas['Problem'])
      : undefined;
  } catch {
    return undefined;
  }
}

/** Reads `Retry-After`: seconds, or a date. Undefined when there is none. */
export function readRetryAfterMs(header: string | null, nowMs = Date.now()): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

function traceIdOf(traceparent: string | null): string | undefined {
  return traceparent?.split('-')[1];
}
