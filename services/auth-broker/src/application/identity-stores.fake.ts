import type { Identity, KillSwitch } from '@action-mesh/contracts/auth-broker';
import { defined, type Clock } from '@action-mesh/kernel';

import type { StoredKey } from '../domain/stored-key.js';
import { tenantIdentity, type StoredIssuer, type StoredTenant } from '../domain/stored-tenant.js';
import type { TenantSettings } from '../domain/tenant-settings.js';
import type { Adoption, BootstrapStore } from './bootstrap-store.port.js';
import type { PublishedRecord, ReadRecord } from './published-record.port.js';
import type { DueJwkSet, JwkSetReading, JwkSetStore } from './jwk-sets.port.js';
import type { ChangedBy, KeyCreation, ApiKeyStore, KeyUsage, ReplacedKey } from './api-key-store.port.js';
import type { SwitchStore } from './switch-store.port.js';
import type { TenantStore } from './tenant-store.port.js';

const dayMs = 86_400_000;

/** Keys in memory, and those of the environment. */
export class FakeApiKeyStore implements ApiKeyStore, BootstrapStore {
  readonly keys = new Map<string, StoredKey>();
  readonly bootstrap = new Set<string>();
  mostKeys = 1_000;
  readonly #tenants: FakeTenantStore;

  constructor(tenants: FakeTenantStore) {
    this.#tenants = tenants;
  }

  known(nowMs: number): StoredKey[] {
    return [...this.keys.values()].filter(
      ({ revokedAt, identity: { expires_at: expiresAt } }) =>
        revokedAt === undefined && (expiresAt === undefined || Date.parse(expiresAt) > nowMs - dayMs),
    );
  }

  create(key: StoredKey): Promise<KeyCreation> {
    return Promise.resolve(this.#create(key, this.mostKeys));
  }

  list(tenantId: string, nowMs: number): Promise<readonly StoredKey[]> {
    return Promise.resolve(this.known(nowMs).filter(({ identity }) => identity.tenant_id === tenantId));
  }

  async find(tenantId: string, id: string, nowMs: number): Promise<StoredKey | undefined> {
    return (await this.list(tenantId, nowMs)).find(({ identity }) => identity.id === id);
  }

  replace(
    { tenantId, id, expiresAtMs }: ReplacedKey,
    successor: StoredKey,
    { atMs }: ChangedBy,
  ): Promise<KeyCreation | 'taken'> {
    const old = this.keys.get(id);
    if (old?.identity.tenant_id !== tenantId) return Promise.resolve('taken');
    if (old.replacedBy !== undefined || old.revokedAt !== undefined) return Promise.resolve('taken');
    const created = this.#create(successor, 2 * this.mostKeys);
    if (created === 'created') {
      const replaced = { ...old, replacedBy: successor.identity.id };
      this.keys.set(
        id,
        expiresAtMs === undefined
          ? { ...replaced, revokedAt: new Date(atMs).toISOString() }
          : { ...replaced, identity: { ...old.identity, expires_at: new Date(expiresAtMs).toISOString() } },
      );
    }
    return Promise.resolve(created);
  }

  async revoke(tenantId: string, id: string, { atMs }: ChangedBy): Promise<boolean> {
    const key = await this.find(tenantId, id, atMs);
    if (key !== undefined) this.keys.set(id, { ...key, revokedAt: new Date(atMs).toISOString() });
    return key !== undefined;
  }

  recordUses(uses: readonly KeyUsage[]): Promise<void> {
    for (const { id, usedAtMs } of uses) {
      const key = this.keys.get(id);
      if (key !== undefined && usedAtMs > Date.parse(key.lastUsedAt ?? '1970-01-01'))
        this.keys.set(id, { ...key, lastUsedAt: new Date(usedAtMs).toISOString() });
    }
    return Promise.resolve();
  }

  async adopt(key: StoredKey): Promise<Adoption> {
    const { id, digest, tenant_id: tenantId, use } = key.identity;
    const nowMs = Date.parse(key.createdAt);
    if ((await this.#tenants.find(tenantId)) === undefined)
      await this.#tenants.put(tenantId, { issuers: [] }, nowMs);
    const found = this.keys.get(id);
    if (found !== undefined && found.identity.digest !== digest) return { state: 'other', revoked: [] };
    if (found !== undefined && (await this.find(tenantId, id, nowMs)) === undefined)
      return { state: 'ended', revoked: [] };
    if (found === undefined) this.keys.set(id, key);
    this.bootstrap.add(id);
    const others = this.known(nowMs).filter(
      ({ identity }) => this.bootstrap.has(identity.id) && identity.use === use && identity.id !== id,
    );
    for (const { identity } of others)
      await this.revoke(tenantId, identity.id, { holder: key.createdBy, atMs: nowMs });
    return {
      state: found === undefined ? 'created' : 'kept',
      revoked: others.map(({ identity }) => identity.id),
    };
  }

  revokeAll(tenantId: string, atMs: number): void {
    for (const [id, key] of this.keys)
      if (key.identity.tenant_id === tenantId)
        this.keys.set(id, { ...key, revokedAt: new Date(atMs).toISOString() });
  }

  #create(key: StoredKey, limit: number): KeyCreation {
    const { tenant_id: tenantId } = key.identity;
    if (!this.#tenants.tenants.has(tenantId)) return 'no_tenant';
    const known = this.known(Date.parse(key.createdAt));
    if (known.filter(({ identity }) => identity.tenant_id === tenantId).length >= limit) return 'too_many';
    this.keys.set(key.identity.id, key);
    return 'created';
  }
}

/** Tenants and the state of their JWK sets, in memory. */
export class FakeTenantStore implements TenantStore, JwkSetStore {
  readonly tenants = new Map<string, StoredTenant>();
  /** The times from which on JWK sets are due, by tenant and issuer. */
  readonly dueAtMs = new Map<string, number>();
  /** Called with each removed tenant. */
  onRemove: (id: string, atMs: number) => void = () => undefined;

  list(): Promise<readonly StoredTenant[]> {
    return Promise.resolve([...this.tenants.values()].sort((a, b) => a.id.localeCompare(b.id, 'en')));
  }

  find(id: string): Promise<StoredTenant | undefined> {
    return Promise.resolve(this.tenants.get(id));
  }

  put(id: string, { quota, issuers }: TenantSettings, atMs: number): Promise<void> {
    const before = this.tenants.get(id);
    this.tenants.set(id, {
      id,
      createdAt: before?.createdAt ?? new Date(atMs).toISOString(),
      ...defined({ quota }),
      issuers: issuers.map((each): StoredIssuer => {
        if (!('jwksUrl' in each)) return { ...each, leftOut: [] };
        this.dueAtMs.set(`${id} ${each.issuer}`, atMs);
        const kept = before?.issuers.find(
          ({ issuer, jwksUrl }) => issuer === each.issuer && jwksUrl === each.jwksUrl,
        );
        return kept ?? { ...each, keys: [], leftOut: [] };
      }),
    });
    return Promise.resolve();
  }

  remove(id: string, { atMs }: ChangedBy): Promise<boolean> {
    const isKnown = this.tenants.delete(id);
    if (isKnown) this.onRemove(id, atMs);
    return Promise.resolve(isKnown);
  }

  takeDue(nowMs: number, tenantId?: string): Promise<readonly DueJwkSet[]> {
    const due: DueJwkSet[] = [];
    for (const { id, issuers } of this.tenants.values()) {
      for (const { issuer, jwksUrl } of issuers) {
        const place = `${id} ${issuer}`;
        if (jwksUrl === undefined || (this.dueAtMs.get(place) ?? 0) > nowMs) continue;
        if (tenantId !== undefined && tenantId !== id) continue;
        this.dueAtMs.set(place, nowMs + 60_000);
        due.push({ tenantId: id, issuer, url: jwksUrl });
      }
    }
    return Promise.resolve(due);
  }

  keep({ tenantId, issuer, url }: DueJwkSet, reading: JwkSetReading, nowMs: number): Promise<void> {
    const tenant = this.tenants.get(tenantId);
    if (tenant === undefined) return Promise.resolve();
    const kept = (before: StoredIssuer): StoredIssuer =>
      'problem' in reading
        ? { ...before, problem: reading.problem }
        : { issuer, jwksUrl: url, ...reading, readAt: new Date(nowMs).toISOString() };
    this.tenants.set(tenantId, {
      ...tenant,
      issuers: tenant.issuers.map((each) =>
        each.issuer === issuer && each.jwksUrl === url ? kept(each) : each,
      ),
    });
    return Promise.resolve();
  }
}

/** Kill switches in memory. */
export class FakeSwitchStore implements SwitchStore {
  readonly switches = new Map<string, KillSwitch>();
  mostSwitches = 1_000;

  list(tenantId: string): Promise<readonly KillSwitch[]> {
    return Promise.resolve(
      [...this.switches.values()].filter(({ tenant_id: owner }) => owner === undefined || owner === tenantId),
    );
  }

  turnOn(killSwitch: KillSwitch): Promise<KillSwitch | 'too_many'> {
    const { tenant_id: owner, target } = killSwitch;
    const all = [...this.switches.values()].filter((each) => each.tenant_id === owner);
    const same = all.find((each) => each.target.type === target.type && each.target.value === target.value);
    if (same !== undefined) return Promise.resolve(same);
    if (all.length >= this.mostSwitches) return Promise.resolve('too_many');
    this.switches.set(killSwitch.id, killSwitch);
    return Promise.resolve(killSwitch);
  }

  lift(id: string, tenantId: string | undefined): Promise<boolean> {
    const found = this.switches.get(id);
    return Promise.resolve(found?.tenant_id === tenantId && this.switches.delete(id));
  }
}

/** All identities of the fakes. */
export class FakeIdentityRecord implements PublishedRecord<Identity> {
  /** Called before each reading, for tests that change the record at this moment. */
  beforeRead: () => void | Promise<void> = () => undefined;
  readonly #keys: FakeApiKeyStore;
  readonly #tenants: FakeTenantStore;
  readonly #switches: FakeSwitchStore;
  readonly #clock: Clock;

  constructor(keys: FakeApiKeyStore, tenants: FakeTenantStore, switches: FakeSwitchStore, clock: Clock) {
    this.#keys = keys;
    this.#tenants = tenants;
    this.#switches = switches;
    this.#clock = clock;
  }

  exclusively<Result>(work: (read: ReadRecord<Identity>) => Promise<Result>): Promise<Result> {
    return work(async (): Promise<readonly Identity[]> => {
      await this.beforeRead();
      const nowMs = this.#clock.now();
      return [
        ...[...this.#tenants.tenants.values()].map((tenant) => tenantIdentity(tenant, nowMs)),
        ...this.#switches.switches.values(),
        ...this.#keys.known(nowMs).map(({ identity }) => identity),
      ];
    });
  }
}
