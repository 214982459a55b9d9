import type { Tool } from '@action-mesh/contracts/catalog';
import type { OutcomeOfCall, WaitReason } from '@action-mesh/contracts/executor';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import type {
  IntegrationDirectory,
  LeaseAnswer,
  LeasedCredential,
  LeaseRefusal,
} from '@action-mesh/connections';
import type { CredentialWant, Leases } from '@action-mesh/connections/client';
import { defined, type Clock, type TraceContext } from '@action-mesh/kernel';

import type { Failure } from '../domain/attempt-evidence.js';
import { awaitingAuth } from './auth-wait.js';
import type { Parking } from './parking.js';
import type { PreparedTool } from './tools.port.js';

/** The credential of a call's next request. */
export interface CallCredential {
  readonly leased: LeasedCredential;
  readonly want: CredentialWant;
}

/** Why a request has no credential: the call waits, or it cannot have one. */
export type Unready =
  | { readonly kind: 'parked'; readonly command: 'awaitAuth' | 'throttle'; readonly parking: Parking }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** The facts of a call that decide about its credential. */
export interface CredentialSubject {
  readonly call: AcceptedCall;
  /** The span that waits for it. Absent for a rehearsal. */
  readonly trace?: TraceContext;
  /** The tool of the request. For a probe, the tool of the probe. */
  readonly prepared: PreparedTool;
  /** The connection of an earlier request of the call. */
  readonly pinned?: string | undefined;
  /** Whether an earlier request may have taken effect, so only its connection may repeat it (I2). */
  readonly mayHaveActed: boolean;
  /** Whether the request is a probe of a call of unknown effect. */
  readonly isUnsure: boolean;
  /** Milliseconds since its record, or since its last redrive. */
  readonly ageMs: number;
  /** The wait that the caller knows. */
  readonly told?: OutcomeOfCall['waiting'];
}

export interface CallCredentialsParts {
  readonly integrations: Pick<IntegrationDirectory, 'serving' | 'find'>;
  readonly leases: Leases;
  readonly clock: Pick<Clock, 'now'>;
}

/** The most alternatives, and scopes of one, that a request for a credential holds. */
const mostAlternatives = 20;
const mostScopes = 100;

/** The longest interval between two looks for a broker, in milliseconds. */
const longestOutageLookMs = 30_000;

/** Ids are in lower case. A lease for another spelling would not fit to its request. */
const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/**
 * Chooses the credential of a call's next request. Only these decide: the integration of the tool, the call's
 * `connection_id`, the connection of an earlier request, and the user's default. Arguments and the newest connection
 * never do.
 *
 * - CC1: a call gets a credential of its own tenant and user alone.
 * - CC2: after a request that may have taken effect, every request uses the connection of that request (I2).
 * - CC3: a call that waits for its credential has no permit and uses no attempt.
 * - CC4: another user's connection looks like one that does not exist.
 */
export class CallCredentials {
  readonly #parts: CallCredentialsParts;
  readonly #scopes = new WeakMap<Tool, CredentialWant['scopes']>();

  constructor(parts: CallCredentialsParts) {
    this.#parts = parts;
  }

  /**
   * The credential, if it is in memory. Undefined: the request needs none of a connection. `cold`: see {@link obtain}.
   */
  held(call: AcceptedCall, prepared: PreparedTool, pinned?: string): CallCredential | 'cold' | undefined {
    const integration = this.#integrationOf(call, prepared);
    if (integration === undefined) return needsIntegration(prepared) ? 'cold' : undefined;
    const want = this.#want(call, prepared, integration, call.connection_id ?? pinned);
    const leased = this.#parts.leases.held(want);
    return leased === undefined ? 'cold' : { leased, want };
  }

  /** The credential, or the consequence of its absence. Undefined: the request needs none of a connection. */
  async obtain(subject: CredentialSubject): Promise<CallCredential | Unready | undefined> {
    const { call, prepared, pinned, mayHaveActed } = subject;
    const integration = this.#integrationOf(call, prepared);
    if (integration === undefined)
      return needsIntegration(prepared) ? this.#awaiting(subject, undefined, {}) : undefined;
    const given = call.connection_id;
    if (given !== undefined && !uuid.test(given)) return notFound;
    const want = this.#want(call, prepared, integration, given ?? pinned);
    const answer = await this.#parts.leases.obtain({ ...want, ...defined({ trace: subject.trace }) });
    if ('credential' in answer) return { leased: answer.credential, want };
    const { code } = answer.refusal;
    if (code !== 'no_connection' || want.connectionId === undefined)
      return this.#unready(subject, want, answer);
    // Nothing was done with the earlier connection, so another one does no harm.
    if (given === undefined && !mayHaveActed) return this.obtain({ ...subject, pinned: undefined });
    return notFound;
  }

  /** A newer credential than one that the provider refused, or the consequence of its absence. */
  async renew(
    subject: CredentialSubject,
    { want, leased }: CallCredential,
  ): Promise<CallCredential | Unready> {
    // From its first request on, the call has this connection.
    const pinned = { ...want, connectionId: leased.connection_id };
    const answer = await this.#parts.leases.renew(
      { ...pinned, ...defined({ trace: subject.trace }) },
      leased,
    );
    return 'credential' in answer
      ? { leased: answer.credential, want: pinned }
      : this.#unready(subject, want, answer);
  }

  #integrationOf(
    { tenant_id: tenantId }: AcceptedCall,
    { tool, integration }: PreparedTool,
  ): string | undefined {
    const { integrations } = this.#parts;
    const found =
      integration === undefined
        ? integrations.serving(tenantId, tool)
        : integrations.find(tenantId, integration);
    return found?.integration;
  }

  #want(
    call: AcceptedCall,
    { tool }: PreparedTool,
    integration: string,
    connectionId: string | undefined,
  ): CredentialWant {
    return {
      tenantId: call.tenant_id,
      userId: call.user_id,
      integration,
      connectionId,
      scopes: this.#scopesOf(tool),
      callId: call.call_id,
    };
  }

  #scopesOf(tool: Tool): CredentialWant['scopes'] {
    const known = this.#scopes.get(tool);
    if (known !== undefined) return known;
    const alternatives = tool.security
      .slice(0, mostAlternatives)
      .map((requirements) => requirements.flatMap(({ scopes }) => scopes).slice(0, mostScopes));
    this.#scopes.set(tool, alternatives);
    return alternatives;
  }

  #unready(
    subject: CredentialSubject,
    { integration }: CredentialWant,
    { refusal }: Extract<LeaseAnswer, { refusal: LeaseRefusal }>,
  ): Unready {
    switch (refusal.code) {
      case 'unavailable':
        return this.#unavailable(subject, integration, refusal.retry_after_ms ?? 0);
      case 'rejected':
        return { kind: 'failed', failure: credentialRejected };
      case 'no_integration':
        return this.#awaiting(subject, undefined, refusal);
      default:
        return this.#awaiting(subject, integration, refusal);
    }
  }

  #awaiting(
    { call, prepared, ageMs, isUnsure, told }: CredentialSubject,
    integration: string | undefined,
    { connect_url: connectUrl, missing_scopes: missingScopes }: Partial<LeaseRefusal>,
  ): Unready {
    const provider = prepared.integration ?? prepared.tool.provider.slug;
    const deadline = call.deadline === undefined ? Infinity : Date.parse(call.deadline);
    const parking = awaitingAuth(
      { integration, provider, ...defined({ connectUrl, missingScopes }) },
      { ageMs, untilDeadlineMs: deadline - this.#parts.clock.now(), isUnsure, told },
    );
    return { kind: 'parked', command: 'awaitAuth', parking };
  }

  #unavailable({ ageMs, isUnsure }: CredentialSubject, integration: string, retryAfterMs: number): Unready {
    const delayMs = Math.round(
      Math.max(retryAfterMs, Math.min(Math.max(1_000, ageMs / 4), longestOutageLookMs)),
    );
    const reason: WaitReason = 'token_unavailable';
    const scope = `integration:${integration}`;
    const until = new Date(this.#parts.clock.now() + delayMs).toISOString();
    const ending = {
      status: isUnsure ? 'indeterminate' : 'waiting',
      waiting: { reason, until, scope },
    } as const;
    return { kind: 'parked', command: 'throttle', parking: { park: { delayMs, reason, scope }, ending } };
  }
}

/** Whether the call has to wait or to end for lack of its credential. */
export function isUnready(obtained: CallCredential | Unready | undefined): obtained is Unready {
  return obtained !== undefined && 'kind' in obtained;
}

/** Whether a request without an integration has to wait for one: its tool asks for a credential that nothing gives. */
function needsIntegration({ tool, integration, hasStaticCredential }: PreparedTool): boolean {
  if (integration !== undefined) return true;
  if (hasStaticCredential === true || tool.security.length === 0) return false;
  return tool.security.every(({ length }) => length > 0);
}

const notFound: Unready = {
  kind: 'failed',
  failure: {
    code: 'connection_not_found',
    category: 'request',
    message: 'the user has no connection of this id at the integration of the tool',
    fix: 'List the connections of the user at GET /v1/connections, or leave out connection_id to use the default.',
  },
};

/** The failure of a call after the provider refused a fresh credential. */
export const credentialRejected: Failure = {
  code: 'credential_rejected',
  category: 'request',
  message: 'the provider refused the credential of the connection (401), and a renewed one does not help',
  fix: 'Check at the provider what the connected account may do, or connect it again.',
};
