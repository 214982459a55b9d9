import { newCallId } from './call-id.js';
import type { ApiSchemas } from './generated/api.js';
import type { MeshRequestOptions } from './http/api-request.js';

/** The user and the agent of a call, and its identity: the members that make two calls the same one. */
export interface CallOptions {
  /** The user whose accounts the call uses. */
  readonly userId: string;
  /**
   * The run of the agent. Two equal calls in one run are one call, so a repetition gets the first one's outcome and
   * reaches no provider.
   */
  readonly runId?: string | undefined;
  /** @default sdk */
  readonly agentId?: string | undefined;
  readonly sessionId?: string | undefined;
  /** The number of the agent's step. */
  readonly step?: number | undefined;
  /** The reason of the agent, for the audit. */
  readonly thought?: string | undefined;
  /**
   * Where two equal calls are one: `run`, `session`, `global`, or a window such as `window:10m`.
   *
   * @default run
   */
  readonly scope?: string | undefined;
  /** Separates a wanted repetition from an accidental one within the scope. */
  readonly occurrence?: string | undefined;
  /** Identifies this call and no other. The same key with other arguments is refused. */
  readonly idempotencyKey?: string | undefined;
  /** Groups calls that can be undone together. */
  readonly sagaId?: string | undefined;
  /** @default the default connection of the user */
  readonly connectionId?: string | undefined;
  /**
   * `dry_run` shows the request, `shadow` records it; neither sends it.
   *
   * @default live
   */
  readonly mode?: 'live' | 'dry_run' | 'shadow' | undefined;
  /** The call does not start after this time. */
  readonly deadline?: Date | string | undefined;
  /** A version of the tool, a date, `stable` or `latest`. */
  readonly version?: string | undefined;
}

/** The part of a result that comes back. */
export interface ResultOptions {
  /** The fields of the result, as JSONPaths separated by commas. */
  readonly fields?: string | undefined;
  /** Longer results are cut to this many bytes; `cut` in the outcome says where. */
  readonly maxBytes?: number | undefined;
}

/** Options of `tools.execute`. */
export interface ExecuteToolOptions extends CallOptions, ResultOptions, MeshRequestOptions {
  /**
   * How long to wait for the outcome, milliseconds. 0 returns when the call is accepted.
   *
   * @default 60_000
   */
  readonly waitMs?: number | undefined;
}

/** A call of `calls.submit`. */
export interface SubmittedCall extends CallOptions {
  readonly slug: string;
  readonly arguments: object;
}

/**
 * The members of a call on the wire, without its tool and arguments.
 *
 * The id makes a request repeatable: a second request with it is the same call. Without a run, a session, a scope and a
 * key, the id is the idempotency key too, so each `execute` is a call of its own.
 */
export function callMembers(identity: CallOptions): Omit<ApiSchemas['CallRequest'], 'tool' | 'arguments'> {
  const callId = newCallId();
  const { userId, runId, sessionId, agentId, step, thought, scope, deadline } = identity;
  const isAlone = runId === undefined && sessionId === undefined && scope === undefined;
  const isAgent = agentId !== undefined || step !== undefined || thought !== undefined;
  return withoutUndefined({
    call_id: callId,
    user_id: userId,
    agent:
      isAgent || runId !== undefined || sessionId !== undefined
        ? withoutUndefined({ id: agentId ?? 'sdk', run_id: runId, session_id: sessionId, step, thought })
        : undefined,
    scope: scope ?? (runId === undefined && sessionId !== undefined ? 'session' : undefined),
    occurrence: identity.occurrence,
    idempotency_key: identity.idempotencyKey ?? (isAlone ? callId : undefined),
    saga_id: identity.sagaId,
    connection_id: identity.connectionId,
    mode: identity.mode,
    deadline: deadline instanceof Date ? deadline.toISOString() : deadline,
  });
}

/** The body of a request that runs a tool, with the id of the call. `args` may be the text of a model. */
export function toolCallBody(args: unknown, identity: CallOptions): { readonly call_id?: string } {
  return withoutUndefined({ ...callMembers(identity), version: identity.version, arguments: args });
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The object without its undefined members. */
export function withoutUndefined<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>;
}
