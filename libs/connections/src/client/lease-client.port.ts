import type { TraceContext } from '@action-mesh/kernel';

import type { LeaseAnswer, LeasedCredential } from '../token-lease.js';

/** A credential that a call needs. */
export interface CredentialWant {
  readonly tenantId: string;
  readonly userId: string;
  readonly integration: string;
  /** Absent: the user's default connection. */
  readonly connectionId?: string | undefined;
  /** The scopes that the tool needs, as alternatives. */
  readonly scopes: readonly (readonly string[])[];
  readonly callId: string;
  /** The span of the call that waits for it. Absent: no call waits. */
  readonly trace?: TraceContext;
}

/** The leased credentials of an executor. */
export interface Leases {
  /** The credential, if it is in memory and good. This is the path of most calls: it waits for nothing. */
  held(want: CredentialWant): LeasedCredential | undefined;
  /** The credential, or the reason why there is none. Never rejects, and answers within seconds. */
  obtain(want: CredentialWant): Promise<LeaseAnswer>;
  /** A newer credential than one that the provider refused. Never rejects, and answers within seconds. */
  renew(want: CredentialWant, refused: LeasedCredential): Promise<LeaseAnswer>;
}

export const Leases = Symbol('Leases');
