import type { ChangedConnection } from '@action-mesh/contracts/auth-broker';
import { defined, type Clock } from '@action-mesh/kernel';

import { missingScopes } from '../missing-scopes.js';
import type { LeaseAnswer, LeasedCredential, LeaseRefusal } from '../token-lease.js';
import { exchangeSeconds } from '../token-request.js';
import { concealed } from './concealed-credential.js';
import type { CredentialWant, Leases } from './lease-client.port.js';
import { connectionKey, LeaseStore, refusalKey, subjectKey } from './lease-store.js';
import type { TokenExchange } from './token-exchange.port.js';

export interface LeaseClientOptions {
  readonly exchange: TokenExchange;
  readonly clock: Clock;
  /** Milliseconds that a caller waits for an answer. The next call gets a later answer. @default 2500 */
  readonly patienceMs?: number;
  /** The most subjects in memory: users at integrations. @default 50000 */
  readonly mostSubjects?: number;
}

interface Flight {
  readonly subject: string;
  readonly answer: Promise<LeaseAnswer>;
  /** Something has changed since the request. Its answer may be outdated. */
  isOutdated: boolean;
}

/** Milliseconds for which a refusal answers further calls. */
const refusalMs = 1_000;
/** The share of its life after which the use of a lease renews it. */
const renewAfter = 0.8;
/** The most requests under way. Beyond that, calls wait (I12). */
const mostFlights = 5_000;

/** The time at the end of a credential for a request to reach the provider: 2 s, and never more than a tenth. */
function arrivalMs(validForMs: number): number {
  return Math.min(2_000, validForMs / 10);
}

const unavailable: LeaseRefusal = {
  code: 'unavailable',
  message: 'no broker has answered the request for the credential in time',
  retry_after_ms: 1_000,
};

/**
 * Leased credentials in memory, renewed before they end.
 *
 * - LC1: a caller gets only a credential that was leased for exactly its tenant, user, integration and connection.
 * - LC2: a lease is used for at most 60 s after its request, and never after the end of its credential.
 * - LC3: a change of a connection ends its leases. The client asks again for an answer that was under way meanwhile.
 * - LC4: at most one request for one credential is under way.
 */
export class LeaseClient implements Leases {
  readonly #exchange: TokenExchange;
  readonly #clock: Clock;
  readonly #patienceMs: number;
  readonly #store: LeaseStore;
  readonly #flights = new Map<string, Flight>();

  constructor({ exchange, clock, patienceMs = 2_500, mostSubjects = 50_000 }: LeaseClientOptions) {
    this.#exchange = exchange;
    this.#clock = clock;
    this.#patienceMs = patienceMs;
    this.#store = new LeaseStore(mostSubjects);
  }

  held(want: CredentialWant): LeasedCredential | undefined {
    const lease = this.#store.lease(subjectKey(want), connectionKey(want));
    if (lease === undefined) return undefined;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs >= lease.expiresAtMs) return undefined;
    if (missingScopes(want.scopes, lease.credential.scopes).length > 0) return undefined;
    if (nowMs >= lease.renewFromMs) this.#renewBehind(want, nowMs);
    return lease.credential;
  }

  async obtain(want: CredentialWant): Promise<LeaseAnswer> {
    const credential = this.held(want);
    if (credential !== undefined) return { credential };
    const subject = subjectKey(want);
    const refusal = this.#store.refusal(subject, refusalKey(want), this.#clock.monotonicMs());
    if (refusal !== undefined) return { refusal };
    return this.#inTime(this.#fly(want, undefined));
  }

  async renew(want: CredentialWant, refused: LeasedCredential): Promise<LeaseAnswer> {
    this.#store.refuse(subjectKey(want), refused);
    const credential = this.held(want);
    if (credential !== undefined) return { credential };
    return this.#inTime(this.#fly(want, refused.version));
  }

  /** Takes notice of a change of a connection. */
  changed({ tenant_id, user_id, integration, change, connection_id, version }: ChangedConnection): void {
    if (change === 'refresh_failed') return;
    const subject = subjectKey({ tenantId: tenant_id, userId: user_id, integration });
    this.#store.change(
      subject,
      // A refresh that this process has asked for comes back as an event.
      ({ credential }) =>
        change === 'refreshed' &&
        (credential.connection_id !== connection_id || credential.version >= version),
    );
    if (change === 'refreshed') return;
    for (const flight of this.#flights.values()) if (flight.subject === subject) flight.isOutdated = true;
  }

  /** Takes notice of a change of an integration: its hosts, its client or its removal. */
  integrationChanged(tenantId: string, integration: string): void {
    const isMeant = (subject: string): boolean => {
      const [tenant, , of] = JSON.parse(subject) as string[];
      return tenant === tenantId && of === integration;
    };
    this.#store.changeAll(isMeant);
    for (const flight of this.#flights.values()) flight.isOutdated ||= isMeant(flight.subject);
  }

  /** Forgets every lease, because the follower may have missed changes. */
  forget(): void {
    this.#store.clear();
    for (const flight of this.#flights.values()) flight.isOutdated = true;
  }

  /** Renews a lease that still serves, at most once a second while no broker can. */
  #renewBehind(want: CredentialWant, nowMs: number): void {
    if (this.#store.refusal(subjectKey(want), refusalKey(want), nowMs) === undefined)
      void this.#fly(want, undefined);
  }

  /** The request for this credential that is under way, or a new one. */
  #fly(want: CredentialWant, notVersion: number | undefined): Promise<LeaseAnswer> {
    const subject = subjectKey(want);
    const key = JSON.stringify([subject, refusalKey(want), notVersion]);
    const known = this.#flights.get(key);
    if (known !== undefined && !known.isOutdated) return known.answer;
    if (this.#flights.size >= mostFlights) return Promise.resolve({ refusal: unavailable });
    const sentAtMs = this.#clock.monotonicMs();
    const flight: Flight = {
      subject,
      isOutdated: false,
      answer: Promise.resolve().then(async () => {
        try {
          const answer = await this.#ask(want, notVersion);
          // A change that came meanwhile may not have reached the broker when it answered.
          if (!flight.isOutdated)
            return this.#keep(want, await this.#unrefused(want, answer, notVersion), sentAtMs);
          const againAtMs = this.#clock.monotonicMs();
          const again = await this.#ask(want, notVersion);
          return this.#keep(want, await this.#unrefused(want, again, notVersion), againAtMs);
        } finally {
          if (this.#flights.get(key) === flight) this.#flights.delete(key);
        }
      }),
    };
    this.#flights.set(key, flight);
    return flight.answer;
  }

  /** The answer, or a newer one if the provider has refused its credential before. */
  async #unrefused(
    want: CredentialWant,
    answer: LeaseAnswer,
    notVersion: number | undefined,
  ): Promise<LeaseAnswer> {
    if (!('credential' in answer) || !this.#isRefused(want, answer.credential)) return answer;
    const { version } = answer.credential;
    return version === notVersion ? answer : this.#ask(want, version);
  }

  #isRefused(want: CredentialWant, { connection_id: id, version }: LeasedCredential): boolean {
    return version <= (this.#store.refusedVersion(subjectKey(want), id) ?? 0);
  }

  async #ask(want: CredentialWant, notVersion: number | undefined): Promise<LeaseAnswer> {
    const question = {
      tenant_id: want.tenantId,
      user_id: want.userId,
      integration: want.integration,
      call_id: want.callId,
      ...defined({ connection_id: want.connectionId, not_version: notVersion }),
      ...(want.scopes.length === 0 ? {} : { scopes: want.scopes.map((scopes) => [...scopes]) }),
    };
    const answer = await this.#exchange.ask(question, want.trace);
    return answer ?? { refusal: unavailable };
  }

  #keep(want: CredentialWant, answer: LeaseAnswer, sentAtMs: number): LeaseAnswer {
    const [subject, connection] = [subjectKey(want), connectionKey(want)];
    const nowMs = this.#clock.monotonicMs();
    if ('refusal' in answer) {
      const { refusal } = answer;
      if (refusal.code !== 'unavailable' && refusal.code !== 'missing_scopes')
        this.#store.drop(subject, connection);
      this.#store.putRefusal(subject, refusalKey(want), { refusal, untilMs: nowMs + refusalMs });
      return answer;
    }
    const credential = concealed(answer.credential);
    const { valid_for_ms: validForMs = Infinity } = credential;
    const usableMs = Math.min(exchangeSeconds * 1_000, validForMs - arrivalMs(validForMs));
    const expiresAtMs = sentAtMs + usableMs;
    if (expiresAtMs <= nowMs) return { refusal: unavailable };
    if (this.#isRefused(want, credential)) return { refusal: rejected };
    const renewFromMs = nowMs + (expiresAtMs - nowMs) * renewAfter;
    this.#store.putLease(subject, connection, { credential, renewFromMs, expiresAtMs });
    return { credential };
  }

  async #inTime(answer: Promise<LeaseAnswer>): Promise<LeaseAnswer> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<LeaseAnswer>((resolve) => {
      timer = setTimeout(() => resolve({ refusal: unavailable }), this.#patienceMs);
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

const rejected: LeaseRefusal = {
  code: 'rejected',
  message: 'the provider refused the credential, and the broker has no newer one',
};
