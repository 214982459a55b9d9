import type { PolicyVerdict } from '@action-mesh/contracts/executor';

/** The column `policy` of a call. */
export function verdictText(policy: PolicyVerdict | undefined): string | undefined {
  return policy === undefined ? undefined : JSON.stringify(policy);
}

/** Reads the column `policy`. The mesh alone writes it. */
export function readVerdict(text: string | null): { readonly policy?: PolicyVerdict } {
  return text === null ? {} : { policy: JSON.parse(text) as PolicyVerdict };
}
