import { flowKeyPrefix, type AcceptedCall, type CallRequest } from '@action-mesh/contracts/gateway';
import { callHash, contentHash, IJsonError, defined, type JsonValue } from '@action-mesh/kernel';

import { CallRefusedError } from './admission.errors.js';
import { directCall, refusedWhereGiven } from './direct-call.js';
import { keyScope, resolveScope } from './scope.js';
import type { RegisteredTool, ToolFilter, ToolRegistry } from './tool-registry.js';

/** The rights of a caller that decide on its calls. */
export interface CallRights {
  readonly tenantId: string;
  /** The key of the caller, or undefined without one. */
  readonly keyId?: string | undefined;
  /** Absent: every tool. A call of another tool is refused like a call of an unknown one. */
  readonly tools?: ToolFilter | undefined;
  /** Absent: every user of the tenant. */
  readonly users?: Pick<ReadonlySet<string>, 'has'> | undefined;
}

/** The context in which a request becomes a call. */
export interface Acceptance {
  readonly caller: CallRights;
  readonly tools: Pick<ToolRegistry, 'find'>;
  readonly nowMs: number;
  /** Makes the id of a call without an id of its caller's choice. */
  readonly newId: () => string;
  /** Whether the call is the step of a flow. Only such a call may have an idempotency key of flows. */
  readonly isStep?: boolean;
}

/**
 * Turns a request into a call: pins its tool, checks its arguments, resolves its scope and fixes its hash. The same
 * rules apply to HTTP, to Kafka, and to a call through `execute_tool`. Throws {@link CallRefusedError}.
 */
export function acceptCall(request: CallRequest, acceptance: Acceptance): AcceptedCall {
  const direct = directCall(request);
  try {
    return accepted(direct, acceptance);
  } catch (error) {
    throw refusedWhereGiven(request, error);
  }
}

function accepted(request: CallRequest, acceptance: Acceptance): AcceptedCall {
  const { caller, tools, nowMs, newId } = acceptance;
  if (acceptance.isStep !== true) refuseReservedKey(request);
  if (caller.users?.has(request.user_id) === false) throw userNotAllowed();
  refusePassed(request, nowMs);
  const registered = tools.find(request.tool.slug, request.tool.version, caller.tools);
  const scope = scopeFor(registered, request, nowMs);
  checkArguments(registered, request.arguments);
  const { call_id: callId, tool: _tool, scope: _scope, mode = 'live', ...rest } = request;
  const { hash, content_hash } = hashes(request, registered, scope);
  return {
    call_id: callId ?? newId(),
    tenant_id: caller.tenantId,
    ...(caller.keyId === undefined ? undefined : { key_id: caller.keyId }),
    tool: { slug: registered.tool.slug, version: registered.tool.version },
    scope,
    mode,
    hash,
    content_hash,
    accepted_at: new Date(nowMs).toISOString(),
    // The rest comes last. V8 adds members slowly to an object that begins as a copy, and every call takes this path.
    ...rest,
  };
}

/** The refusal of a user for whom the caller may not act. It names no user, and does not depend on which users exist. */
export function userNotAllowed(): CallRefusedError {
  return new CallRefusedError(
    'user_not_allowed',
    'The key is bound to users, and this user is not one of them.',
    'Give a user of the key as user_id, or use a key of this user.',
    [{ pointer: '/user_id', message: 'must be a user of the key' }],
  );
}

/** A key of flows is valid for ever, and a call under it would take the place of the step of a run. */
function refuseReservedKey({ idempotency_key: key }: CallRequest): void {
  if (key?.startsWith(flowKeyPrefix) !== true) return;
  throw new CallRefusedError(
    'invalid_request',
    `Idempotency keys that begin with ${flowKeyPrefix} belong to the steps of flows.`,
    'Choose another idempotency key.',
    [{ pointer: '/idempotency_key', message: `must not begin with ${flowKeyPrefix}` }],
  );
}

function refusePassed({ deadline }: CallRequest, nowMs: number): void {
  if (deadline !== undefined && Date.parse(deadline) <= nowMs) {
    throw new CallRefusedError(
      'deadline_passed',
      'The deadline of the call has passed, so the call would never start.',
      'Give a deadline in the future, or leave it out.',
      [{ pointer: '/deadline', message: 'must be in the future' }],
    );
  }
}

/** Gives each read without an idempotency key its own scope. Reads with the same key are the same call. */
function scopeFor({ tool }: RegisteredTool, request: CallRequest, nowMs: number): string {
  const scope = resolveScope(request, nowMs);
  const { idempotency_key: key } = request;
  return tool.effect.class === 'read' && key !== undefined ? keyScope(key) : scope;
}

function checkArguments({ validator }: RegisteredTool, args: unknown): void {
  const result = validator.validate(args);
  if (result.ok) return;
  throw new CallRefusedError(
    'invalid_arguments',
    "The arguments do not match the tool's schema.",
    'Correct the arguments that "errors" names; GET /v1/tools/{slug} has the schema.',
    result.problems.map((problem) => ({ ...problem, pointer: `/arguments${problem.pointer}` })),
  );
}

function hashes(
  request: CallRequest,
  { tool, majorVersion }: RegisteredTool,
  scope: string,
): Pick<AcceptedCall, 'hash' | 'content_hash'> {
  const { occurrence, connection_id: connection, mode: given } = request;
  const mode = given === 'live' ? undefined : given;
  const content = {
    tool: tool.slug,
    majorVersion,
    arguments: request.arguments as JsonValue,
    ...defined({ connection }),
  };
  try {
    return {
      hash: callHash({ ...content, scope, ...defined({ occurrence, mode }) }),
      content_hash: contentHash(content),
    };
  } catch (error) {
    if (!(error instanceof IJsonError)) throw error;
    // The scope or the occurrence holds half a surrogate pair: the schema allows it, and I-JSON does not.
    throw new CallRefusedError(
      'invalid_json',
      `The request is not I-JSON: ${error.message}.`,
      'Send well-formed Unicode text.',
      [{ pointer: error.pointer, message: error.message, code: error.code }],
    );
  }
}
