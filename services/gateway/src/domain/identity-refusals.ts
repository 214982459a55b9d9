import type { RequestProblem } from '@action-mesh/admission';

import { RequestRefusedError } from './gateway.errors.js';

/** The kind of the name that a request looks for in the record of the auth broker. */
export type SoughtIdentity = 'key' | 'tenant' | 'switch';

/** The broker's reason for a refusal, in its own words. */
export interface IdentityRefusal {
  readonly message: string;
  readonly problems?: readonly RequestProblem[] | undefined;
}

const listsOf: Readonly<Record<SoughtIdentity, string>> = {
  key: 'GET /v1/keys lists the keys of the tenant.',
  tenant: 'GET /v1/tenants lists the tenants.',
  switch: 'GET /v1/switches lists the switches that are on.',
};

/** The auth broker's refusal as an error for callers. */
export function identityRefused(
  status: number,
  { message, problems = [] }: IdentityRefusal,
  what: SoughtIdentity,
): RequestRefusedError {
  if (status === 404) return identityNotFound(what);
  if (status === 403) {
    const fix = 'Use a key that has these rights itself. GET /v1/me shows the scopes of a key.';
    return new RequestRefusedError('right_missing', sentence(message), fix, { problems });
  }
  if (status === 409)
    return new RequestRefusedError('identity_conflict', sentence(message), listsOf[what], { problems });
  const fix = 'Correct the members that "errors" names.';
  return new RequestRefusedError('invalid_request', sentence(message), fix, { problems });
}

/** The refusal of an unknown key, tenant or switch. It repeats no name, since a caller may have sent a whole key. */
export function identityNotFound(what: SoughtIdentity): RequestRefusedError {
  return new RequestRefusedError(`${what}_not_found`, `There is no such ${what}.`, listsOf[what]);
}

function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return text.endsWith('.') ? text : `${text}.`;
}
