import type { LeaseRefusal, LeasedCredential } from '../token-lease.js';
import type { CredentialWant } from './lease-client.port.js';

/** A lease in memory, with its times by the monotonic clock. */
export interface StoredLease {
  readonly credential: LeasedCredential;
  /** From then on, a use renews it in the background. */
  readonly renewFromMs: number;
  readonly expiresAtMs: number;
}

interface StoredRefusal {
  readonly refusal: LeaseRefusal;
  readonly untilMs: number;
}

interface Subject {
  /** By the wanted connection id, and by the leased one. The empty id stands for the default connection. */
  readonly leases: Map<string, StoredLease>;
  /** By connection id and scopes. */
  readonly refusals: Map<string, StoredRefusal>;
  /** The versions that the provider refused, by connection id. */
  readonly refused: Map<string, number>;
}

/** The most refusals, and the most connections, of one subject. */
const mostOfSubject = 32;

/** The key of a tenant's user at an integration. Names may hold any character, so a joint text would be ambiguous. */
export function subjectKey({
  tenantId,
  userId,
  integration,
}: Pick<CredentialWant, 'tenantId' | 'userId' | 'integration'>): string {
  return JSON.stringify([tenantId, userId, integration]);
}

/** The key of a connection in its subject. */
export function connectionKey({ connectionId = '' }: Pick<CredentialWant, 'connectionId'>): string {
  return connectionId;
}

/** The key of a refusal in its subject. */
export function refusalKey(want: Pick<CredentialWant, 'connectionId' | 'scopes'>): string {
  return JSON.stringify([connectionKey(want), want.scopes]);
}

/**
 * Leases and refusals in memory.
 *
 * - LS1: a look-up finds only leases of exactly its tenant, user, integration and connection.
 * - LS2: the number of subjects is bounded; the one that was used least recently goes (I12).
 */
export class LeaseStore {
  readonly #mostSubjects: number;
  readonly #subjects = new Map<string, Subject>();

  constructor(mostSubjects: number) {
    this.#mostSubjects = mostSubjects;
  }

  get size(): number {
    return this.#subjects.size;
  }

  lease(subject: string, connection: string): StoredLease | undefined {
    const known = this.#subjects.get(subject);
    const lease = known?.leases.get(connection);
    if (known === undefined || lease === undefined) return undefined;
    // The newest entries of a map are its last ones.
    this.#subjects.delete(subject);
    this.#subjects.set(subject, known);
    return lease;
  }

  refusal(subject: string, key: string, nowMs: number): LeaseRefusal | undefined {
    const stored = this.#subjects.get(subject)?.refusals.get(key);
    return stored !== undefined && nowMs < stored.untilMs ? stored.refusal : undefined;
  }

  refusedVersion(subject: string, connection: string): number | undefined {
    return this.#subjects.get(subject)?.refused.get(connection);
  }

  putLease(subject: string, connection: string, lease: StoredLease): void {
    const { leases, refused } = this.#subject(subject);
    const { connection_id: id, version } = lease.credential;
    bounded(leases, id, lease);
    bounded(leases, connection, lease);
    if ((refused.get(id) ?? Infinity) < version) refused.delete(id);
  }

  putRefusal(subject: string, key: string, refusal: StoredRefusal): void {
    bounded(this.#subject(subject).refusals, key, refusal);
  }

  /** Notes that the provider refused a credential, and forgets its leases. */
  refuse(subject: string, { connection_id: id, version }: LeasedCredential): void {
    const { leases, refused } = this.#subject(subject);
    bounded(refused, id, Math.max(version, refused.get(id) ?? 0));
    for (const [key, { credential }] of leases)
      if (credential.connection_id === id && credential.version <= version) leases.delete(key);
  }

  /** Forgets a lease. */
  drop(subject: string, connection: string): void {
    this.#subjects.get(subject)?.leases.delete(connection);
  }

  /** Forgets all that is known of a subject, except leases that `isKept` keeps. */
  change(subject: string, isKept: (lease: StoredLease) => boolean): void {
    const known = this.#subjects.get(subject);
    if (known === undefined) return;
    known.refusals.clear();
    for (const [connection, lease] of known.leases) if (!isKept(lease)) known.leases.delete(connection);
    if (known.leases.size === 0 && known.refused.size === 0) this.#subjects.delete(subject);
  }

  /** Forgets all that is known of some subjects. */
  changeAll(isMeant: (subject: string) => boolean): void {
    for (const subject of [...this.#subjects.keys()]) if (isMeant(subject)) this.change(subject, () => false);
  }

  clear(): void {
    this.#subjects.clear();
  }

  #subject(key: string): Subject {
    const known = this.#subjects.get(key);
    if (known !== undefined) return known;
    const subject: Subject = { leases: new Map(), refusals: new Map(), refused: new Map() };
    bounded(this.#subjects, key, subject, this.#mostSubjects);
    return subject;
  }
}

function bounded<Value>(map: Map<string, Value>, key: string, value: Value, most = mostOfSubject): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}
