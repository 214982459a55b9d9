/** The result of one check of `mesh doctor`. */
export interface DoctorFinding {
  readonly check: string;
  readonly status: 'good' | 'warning' | 'bad';
  readonly message: string;
  /** How to mend it. */
  readonly fix?: string;
}

/** A finding that is good. */
export const good = (check: string, message: string): DoctorFinding => ({ check, status: 'good', message });

/** A finding that stops calls. */
export const bad = (check: string, message: string, fix: string): DoctorFinding => ({
  check,
  status: 'bad',
  message,
  fix,
});

/** A finding that stops no call. */
export const warning = (check: string, message: string, fix: string): DoctorFinding => ({
  check,
  status: 'warning',
  message,
  fix,
});
