import { userNotAllowed } from '@action-mesh/admission';
import type { Principal } from '@action-mesh/identity';

import { RequestRefusedError } from '../domain/gateway.errors.js';
import type { KnownTools } from './known-tools.js';

/** The properties of a call that decide on its visibility. */
export interface SeenCall {
  readonly userId: string;
  /** The slug of the tool. Absent: the submission became no call. */
  readonly tool?: string | undefined;
  readonly version?: string;
}

/**
 * Decides which calls of its tenant a caller can see and change.
 *
 * - CV1: a caller with a limited key finds only the calls of the users and tools of the key. Any other call answers as an
 *   unknown one does.
 */
export class CallVisibility {
  readonly #tools: KnownTools;

  constructor(tools: KnownTools) {
    this.#tools = tools;
  }

  includes(caller: Principal, { userId, tool, version }: SeenCall): boolean {
    return caller.users?.has(userId) !== false && this.includesTool(caller, tool, version);
  }

  /** Whether calls of the tool are visible. A limited key sees no call without a tool. */
  includesTool({ tools: filter }: Principal, tool: string | undefined, version?: string): boolean {
    if (filter === undefined) return true;
    if (tool === undefined) return false;
    const toolkit = this.#tools.registry().findIfAny(tool, version)?.tool.toolkit;
    return filter.allows({ slug: tool, toolkit });
  }

  /**
   * The query, narrowed to the users of the caller. Throws `CallRefusedError` for another user. Throws
   * `RequestRefusedError` when the key has several users and the query names none: the ledger lists by one user.
   */
  narrow<Query extends { readonly user_id?: string | undefined }>({ users }: Principal, query: Query): Query {
    if (users === undefined) return query;
    const [only, ...others] = users;
    const userId = query.user_id ?? (others.length === 0 ? only : undefined);
    if (userId === undefined) throw userMissing();
    if (!users.has(userId)) throw userNotAllowed();
    return { ...query, user_id: userId };
  }
}

function userMissing(): RequestRefusedError {
  return new RequestRefusedError(
    'invalid_request',
    'The key is bound to several users, and the request names none of them.',
    'Name one user of the key as user_id.',
    { problems: [{ pointer: '/user_id', message: 'is required and missing' }] },
  );
}
