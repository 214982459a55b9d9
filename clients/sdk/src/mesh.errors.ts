/** Facts about an error of the mesh that a program can use. */
export interface MeshErrorFacts {
  /** The HTTP status of the answer. */
  readonly status?: number | undefined;
  readonly fixes?: readonly string[] | undefined;
  /** The id of the request, if a proxy before the mesh gave it one. */
  readonly requestId?: string | undefined;
  readonly traceId?: string | undefined;
  readonly callId?: string | undefined;
  /** The time after which the same request makes sense, milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** The places of the request that are wrong, as JSON pointers. */
  readonly issues?: readonly RequestIssue[] | undefined;
  readonly cause?: unknown;
}

/** One place of a request that is wrong. */
export interface RequestIssue {
  readonly pointer: string;
  readonly message: string;
}

/**
 * The root of all errors of this package. `code` is stable; the message is for people. No error has a key, a header, an
 * argument or a result in it.
 */
export class MeshClientError extends Error {
  /** A stable code, such as `tool_not_found`. The OpenAPI document lists the codes of each route. */
  readonly code: string;
  readonly status: number | undefined;
  /** The next steps, the most likely one first. */
  readonly fixes: readonly string[];
  readonly requestId: string | undefined;
  readonly traceId: string | undefined;
  /**
   * The call that the error is about. When the error leaves open whether the mesh took the call, `mesh.calls.get` with
   * this id finds out.
   */
  readonly callId: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly issues: readonly RequestIssue[];

  constructor(code: string, message: string, facts: MeshErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = new.target.name;
    this.code = code;
    this.status = facts.status;
    this.fixes = facts.fixes ?? [];
    this.requestId = facts.requestId;
    this.traceId = facts.traceId;
    this.callId = facts.callId;
    this.retryAfterMs = facts.retryAfterMs;
    this.issues = facts.issues ?? [];
  }
}

/** An option of the client is missing or wrong. */
export class MeshConfigurationError extends MeshClientError {
  constructor(message: string, fix: string) {
    super('configuration_invalid', message, { fixes: [fix] });
  }
}

/** The mesh does not know the key (401). */
export class AuthenticationError extends MeshClientError {}

/** The key may not do this (403). */
export class PermissionError extends MeshClientError {}

/** There is no such thing for this key (404). */
export class NotFoundError extends MeshClientError {}

/** The thing has changed, or is in another state (409, 410, 412). */
export class ConflictError extends MeshClientError {}

/** The request is wrong; `issues` has the places (other statuses of 4xx). */
export class InvalidRequestError extends MeshClientError {}

/** A kill switch covers this (423). */
export class KillSwitchError extends MeshClientError {}

/** A quota or a backlog is full (429); `retryAfterMs` says for how long. */
export class TooManyRequestsError extends MeshClientError {}

/** The mesh failed, or does not take requests (5xx). */
export class MeshFailureError extends MeshClientError {}

/** No answer came: the mesh cannot be reached, or the connection broke. */
export class ConnectionFailedError extends MeshClientError {}

/** The time for the request ended before the answer. */
export class RequestTimeoutError extends MeshClientError {}

/** The answer is not one of the mesh. `baseUrl` may be the address of something else. */
export class UnexpectedAnswerError extends MeshClientError {}

/** A stream of outcomes cannot continue without a gap, because the log does not hold the missed outcomes any more. */
export class OutcomeGapError extends MeshClientError {
  /** The time since which outcomes may be missing, ISO 8601. */
  readonly since: string;

  constructor(since: string) {
    super(
      'outcomes_missed',
      'The log of the mesh does not hold all outcomes after the last one that you read.',
      {
        fixes: [
          'Read the missed calls by `mesh.calls.iterate({ receivedAfter: error.since })`, and subscribe again.',
        ],
      },
    );
    this.since = since;
  }
}

/** The user did not connect an account. */
export class ConnectFailedError extends MeshClientError {}

/** A webhook has no valid signature. */
export class WebhookVerificationError extends MeshClientError {
  constructor(code: string, message: string, fix: string) {
    super(code, message, { fixes: [fix] });
  }
}
