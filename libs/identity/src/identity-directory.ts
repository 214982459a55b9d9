import { timingSafeEqual } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import {
  identityKey,
  type Identity,
  type KeyEnvironment,
  type KeyIdentity,
  type KeyUse,
  type TenantIdentity,
} from '@action-mesh/contracts/auth-broker';

import { keyDigest, readKeyText } from './key-text.js';
import { KillSwitches } from './kill-switches.js';
import type { Authentication, AuthenticationFault, Principal } from './principal.js';
import { ToolAllowList } from './tool-allow-list.js';

interface KnownKey {
  readonly identity: KeyIdentity;
  readonly digest: Buffer;
  readonly expiresAtMs: number;
  /** Made once, since every request with the key gets it. */
  readonly accepted: Authentication;
}

/**
 * What a door knows about callers: tenants, keys and kill switches, in memory. It follows the topic of identities, so
 * it needs no other service.
 *
 * - D1: before the topic was read once, nobody is authenticated.
 * - D2: a key opens a door only with its exact text, its use, the environment of the door, a known tenant, and before
 *   its expiry.
 * - D3: an unknown key and a wrong secret take equally long and get the same answer.
 */
export class IdentityDirectory {
  readonly switches = new KillSwitches();
  /** Keys of other environments do not open the door. */
  readonly environment: KeyEnvironment;
  readonly #keys = new Map<string, KnownKey>();
  readonly #tenants = new Map<string, TenantIdentity>();
  #isComplete = false;

  constructor(environment: KeyEnvironment) {
    this.environment = environment;
  }

  /** Whether the directory has read its topic up to the end once. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  complete(): void {
    this.#isComplete = true;
  }

  put(identity: Identity): void {
    switch (identity.kind) {
      case 'tenant':
        this.#tenants.set(identity.id, identity);
        return;
      case 'key':
        this.#putKey(identity);
        return;
      case 'switch':
        this.switches.put(identity);
    }
  }

  /** Forgets an identity, by its key on the topic. */
  remove(key: string): void {
    const id = key.slice(key.indexOf('/') + 1);
    if (key === identityKey({ kind: 'tenant', id })) this.#tenants.delete(id);
    else if (key === identityKey({ kind: 'key', id })) this.#keys.delete(id);
    else if (key === identityKey({ kind: 'switch', id })) this.switches.remove(id);
  }

  /**
   * Whether the door would still accept a caller that it accepted before, with the same rights. A changed key is another
   * caller.
   */
  holds(principal: Principal, nowMs: number): boolean {
    const { tenantId, keyId, expiresAtMs = Infinity, issuer } = principal;
    const tenant = this.#tenants.get(tenantId);
    if (tenant === undefined || expiresAtMs <= nowMs) return false;
    if (keyId === undefined) return tenant.issuers.some((each) => each.issuer === issuer);
    const accepted = this.#keys.get(keyId)?.accepted;
    return accepted?.ok === true && accepted.principal === principal;
  }

  tenant(id: string): TenantIdentity | undefined {
    return this.#tenants.get(id);
  }

  /** The tenant that trusts an issuer of user tokens. Undefined when none or several do. */
  tenantOfIssuer(issuer: string): TenantIdentity | undefined {
    const trusting = [...this.#tenants.values()].filter(({ issuers }) =>
      issuers.some((each) => each.issuer === issuer),
    );
    return trusting.length === 1 ? trusting[0] : undefined;
  }

  /** A key that is published again without a change stays the same caller. */
  #putKey(identity: KeyIdentity): void {
    const before = this.#keys.get(identity.id);
    if (before !== undefined && isDeepStrictEqual(before.identity, identity)) return;
    this.#keys.set(identity.id, known(identity));
  }

  /** The holder of a key or a publisher token. */
  authenticate(text: string | undefined, use: KeyUse, nowMs: number): Authentication {
    if (text === undefined || text === '') return refused('missing');
    const parts = readKeyText(text);
    if (parts === undefined) return refused('damaged');
    if (parts.use !== use) return refused('wrong_use');
    if (parts.environment !== this.environment) return refused('wrong_environment');
    if (!this.#isComplete) return refused('not_ready');
    const key = this.#keys.get(parts.id);
    const isSame = timingSafeEqual(Buffer.from(keyDigest(text), 'hex'), key?.digest ?? noDigest);
    if (key === undefined || !isSame) return refused('unknown');
    const { identity, expiresAtMs, accepted } = key;
    if (identity.use !== use || identity.environment !== this.environment) return refused('unknown');
    if (!this.#tenants.has(identity.tenant_id)) return refused('unknown');
    return expiresAtMs <= nowMs ? refused('expired') : accepted;
  }
}

/** Equals no digest of a key that anybody can find. */
const noDigest = Buffer.alloc(32);

function known(identity: KeyIdentity): KnownKey {
  const { id, tenant_id: tenantId, holder, scopes, tools, users, expires_at: expiresAt, quota } = identity;
  const expiresAtMs = expiresAt === undefined ? Infinity : Date.parse(expiresAt);
  const principal: Principal = {
    tenantId,
    keyId: id,
    holder,
    scopes: new Set(scopes),
    tools: tools === undefined ? undefined : new ToolAllowList(tools),
    users: users === undefined ? undefined : new Set(users),
    quota,
    expiresAtMs,
  };
  return {
    identity,
    digest: Buffer.from(identity.digest, 'hex'),
    expiresAtMs,
    accepted: { ok: true, principal },
  };
}

function refused(fault: AuthenticationFault): Authentication {
  return { ok: false, fault };
}
