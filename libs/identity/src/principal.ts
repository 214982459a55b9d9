import type { KeyScope, Quota } from '@action-mesh/contracts/auth-broker';

import type { ToolAllowList } from './tool-allow-list.js';

/** The authenticated caller. Every tenant, user and right of a request comes from here, never from the request. */
export interface Principal {
  readonly tenantId: string;
  /** The key, or undefined for a user token. */
  readonly keyId: string | undefined;
  /** The person or program behind the request. A user token stands for its user. */
  readonly holder: string;
  readonly scopes: ReadonlySet<KeyScope>;
  /** Absent: every tool. */
  readonly tools: ToolAllowList | undefined;
  /** Absent: every user of the tenant. */
  readonly users: ReadonlySet<string> | undefined;
  readonly quota: Quota | undefined;
  /** The end of the key or token, milliseconds since the Unix epoch. Absent: it has none. */
  readonly expiresAtMs?: number;
  /** The issuer of a user token. */
  readonly issuer?: string;
}

/** Whether the key of the caller reaches only a part of its tenant. */
export function isLimited({ tools, users }: Principal): boolean {
  return tools !== undefined || users !== undefined;
}

/** The reasons of a door to refuse a caller. Each is a sentence of its own for people; none reveals a key. */
export type AuthenticationFault =
  | 'missing'
  | 'damaged'
  | 'wrong_use'
  | 'wrong_environment'
  | 'unknown'
  | 'expired'
  | 'not_ready';

/** The caller, or the reason of the refusal. */
export type Authentication =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false; readonly fault: AuthenticationFault };
