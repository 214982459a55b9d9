import { createHash } from 'node:crypto';

import { agentSchema, type CallRequest } from '@action-mesh/contracts/gateway';
import { defined } from '@action-mesh/kernel';

import { toolCallSchema } from './call-request.js';
import { RequestRefusedError } from './gateway.errors.js';
import { readRequestForm } from './request-form.js';

/** The key in `_meta` of a `tools/call` under which a host gives the other members of a call. */
export const callMetaKey = 'action-mesh/call';

/** The members of a call beside its tool and its arguments. A host gives them as `_meta["action-mesh/call"]`. */
export const mcpCallSchema = toolCallSchema
  .omit({ arguments: true })
  .extend({ agent: agentSchema.partial({ id: true }).optional() })
  .partial({ user_id: true });

/**
 * The window within which a repeated request id marks a repeated request, for hosts that say nothing better.
 *
 * An intermediary repeats a request within seconds. A host that starts anew counts its requests from one again, so a
 * longer window would swallow calls of scheduled programs.
 */
const repetitionWindow = 'window:2m';

/** The facts from the connection of a host that fill in what `_meta` leaves out. */
export interface HostFacts {
  /** The user of the header `Mesh-User-Id`. */
  readonly userId: string | undefined;
  /** The only user of the caller's key or token. */
  readonly boundUserId: string | undefined;
  readonly agentId: string;
  readonly runId: string | undefined;
}

/** The parts that identify one JSON-RPC request, the same in each repetition of its bytes. */
export interface McpRequestIdentity {
  /** The key or token of the caller, and the program that speaks. */
  readonly sender: readonly (string | undefined)[];
  /** A value that no other client instance has: its session, or the span in `_meta`. Absent: there is none. */
  readonly instance: string | undefined;
  readonly id: string | number;
}

/** The tool and the arguments of a `tools/call`. */
export interface McpToolCall {
  readonly slug: string;
  readonly args: CallRequest['arguments'];
  /** The value of `_meta["action-mesh/call"]`. */
  readonly meta: unknown;
}

/**
 * What a host makes when it sends an equal `tools/call` once more, under a new JSON-RPC id. `unsure`: the scope is a
 * window, so the answer depends on the time.
 */
export type RetriedCall = 'same call' | 'new call' | 'unsure';

/**
 * Turns a `tools/call` into a request for a call. Throws `RequestRefusedError` for wrong members, and without a user.
 *
 * - MC1: the identity of a call is the one that its host gives: key, scope or run. Without one it is the identity of the
 *   JSON-RPC request, so a repeated request is the same call and the next request is another one. Both hold as long as
 *   the outcomes of the tool answer duplicates: its validity window, a day by default.
 */
export function readMcpCall(
  { slug, args, meta }: McpToolCall,
  host: HostFacts,
  identity: McpRequestIdentity,
): { readonly request: CallRequest; readonly retried: RetriedCall } {
  const given = readRequestForm(mcpCallSchema, meta ?? {}, `a call in _meta["${callMetaKey}"]`);
  const { user_id: userId, version, agent, ...members } = given;
  const runId = agent?.run_id ?? host.runId;
  const isIdentified = (given.idempotency_key ?? given.scope ?? given.occurrence ?? runId) !== undefined;
  const request = {
    ...members,
    user_id: userOf(userId, host),
    tool: { slug, ...defined({ version }) },
    arguments: args,
    agent: { ...agent, id: agent?.id ?? host.agentId, ...defined({ run_id: runId }) },
    ...(isIdentified ? {} : identityOf(identity)),
  };
  if (!isIdentified) return { request, retried: 'new call' };
  return { request, retried: given.scope?.startsWith('window:') === true ? 'unsure' : 'same call' };
}

/**
 * Two requests of one instance never share an id, so they are apart for good. Without a known instance, only a short time
 * tells them apart.
 */
function identityOf({
  sender,
  instance,
  id,
}: McpRequestIdentity): Pick<CallRequest, 'scope' | 'occurrence'> & object {
  const parts = JSON.stringify([...sender.map((part) => part ?? null), instance ?? null, id]);
  const digest = createHash('sha256').update(parts).digest('hex');
  return {
    scope: instance === undefined ? repetitionWindow : 'global',
    occurrence: `mcp:${digest}`,
  };
}

function userOf(given: string | undefined, { userId: inHeader, boundUserId }: HostFacts): string {
  if (given !== undefined && inHeader !== undefined && given !== inHeader)
    throw new RequestRefusedError(
      'invalid_request',
      'The header Mesh-User-Id and the request name two different users.',
      'Name the user once.',
      { problems: [{ pointer: '/user_id', message: 'must equal the header Mesh-User-Id' }] },
    );
  const userId = given ?? inHeader ?? boundUserId;
  if (userId !== undefined) return userId;
  throw new RequestRefusedError(
    'invalid_request',
    'The request names no user, and the key stands for no single user.',
    `Send the header Mesh-User-Id, or user_id in _meta["${callMetaKey}"], or use a key for one user.`,
    { problems: [{ pointer: '/user_id', message: 'is required and missing' }] },
  );
}
