import type { Admission, Governor, GovernorStatus, Signal, Subject, TenantStatus } from './governor.port.js';

type Denial = Extract<Admission, { allowed: false }>;

/** A governor that lets everything go until it is told otherwise, and remembers what it was asked and told. */
export class FakeGovernor implements Governor {
  readonly asked: Subject[] = [];
  readonly settled: { readonly subject: Subject; readonly signal: Signal }[] = [];
  readonly #denials: Denial[] = [];

  /** Denies the next request; more of them deny the ones after it. */
  denyNext(...denials: readonly Denial[]): void {
    this.#denials.push(...denials);
  }

  admit(subject: Subject): Promise<Admission> {
    this.asked.push(subject);
    const denial = this.#denials.shift();
    if (denial !== undefined) return Promise.resolve(denial);
    const settle = (signal: Signal): void => {
      this.settled.push({ subject, signal });
    };
    return Promise.resolve({ allowed: true, permit: { circuit: 'closed', settle } });
  }

  tenantStatus(): TenantStatus {
    return { mode: 'local', blocked: [], breakers: [] };
  }

  status(): GovernorStatus {
    const nothing = { limits: [], blocked: [], breakers: [], concurrency: [] };
    return {
      mode: 'local',
      reason: 'a fake',
      local_periods: { begun: 0, ended: 0 },
      instances: 1,
      ...nothing,
    };
  }
}
