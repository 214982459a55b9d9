import type {
  Admission,
  Forecast,
  Governor,
  GovernorStatus,
  Signal,
  Subject,
  TenantStatus,
} from './governor.port.js';

type Denial = Extract<Admission, { allowed: false }>;

/** A governor that allows every request until a test denies one. It records its subjects and signals. */
export class FakeGovernor implements Governor {
  readonly asked: Subject[] = [];
  readonly settled: { readonly subject: Subject; readonly signal: Signal }[] = [];
  /** Permits that are not settled yet. */
  open = 0;
  readonly #denials: Denial[] = [];

  /** Denies the next request. Further denials apply to the requests after it. */
  denyNext(...denials: readonly Denial[]): void {
    this.#denials.push(...denials);
  }

  admit(subject: Subject): Promise<Admission> {
    this.asked.push(subject);
    const denial = this.#denials.shift();
    if (denial !== undefined) return Promise.resolve(denial);
    this.open += 1;
    const settle = (signal: Signal): void => {
      this.open -= 1;
      this.settled.push({ subject, signal });
    };
    return Promise.resolve({ allowed: true, permit: { circuit: 'closed', settle } });
  }

  forecast(): Promise<Forecast> {
    const [denial] = this.#denials;
    return Promise.resolve(denial === undefined ? { limits: [] } : { limits: [], denial });
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
