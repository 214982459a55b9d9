import type { Admission, Governor, Signal, Subject } from './governor.port.js';

/** A governor that allows everything until a test says otherwise. */
export class FakeGovernor implements Governor {
  readonly asked: Subject[] = [];
  readonly signals: Signal[] = [];
  /** Answers to come, in order; then everything is allowed. */
  readonly denials: Exclude<Admission, { allowed: true }>[] = [];
  /** Permits that are out. */
  open = 0;

  admit(subject: Subject): Promise<Admission> {
    this.asked.push(subject);
    const denial = this.denials.shift();
    if (denial !== undefined) return Promise.resolve(denial);
    this.open += 1;
    return Promise.resolve({
      allowed: true,
      permit: {
        circuit: 'closed',
        settle: (signal) => {
          this.open -= 1;
          this.signals.push(signal);
        },
      },
    });
  }

  tenantStatus(): unknown {
    return {};
  }

  status(): unknown {
    return {};
  }
}
