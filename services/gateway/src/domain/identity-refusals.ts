import type { RequestProblem } from '@action-mesh/admission';

import { RequestRefusedError } from './gateway.errors.js';

/** The kind of the name that a request looks for in the record of the auth broker. */
export type SoughtIdentity =
  | 'key'
  | 'tenant'
  | 'switch'
  | 'policy'
  | 'webhook_endpoint'
  | 'webhook_delivery'
  | 'connect_session'
  | 'provider'
  | 'integration'
  | 'connection';

/** The broker's reason for a refusal, in its own words. */
export interface IdentityRefusal {
  readonly message: string;
  readonly problems?: readonly RequestProblem[] | undefined;
}

const listsOf: Readonly<Record<SoughtIdentity, string>> = {
  key: 'GET /v1/keys lists the keys of the tenant.',
  tenant: 'GET /v1/tenants lists the tenants.',
  switch: 'GET /v1/switches lists the switches that are on.',
  policy: 'GET /v1/policies lists the policies of the tenant. PUT /v1/policies/{id} creates one.',
  webhook_endpoint: 'GET /v1/webhook-endpoints lists the endpoints of the tenant.',
  webhook_delivery: 'GET /v1/webhook-endpoints/{id}/deliveries lists the deliveries of an endpoint.',
  connect_session: 'POST /v1/connect-sessions begins a new one; each lives for 15 minutes.',
  provider: 'GET /v1/providers lists the providers.',
  integration: 'GET /v1/integrations lists the integrations. PUT /v1/integrations/{name} sets one up.',
  connection: 'GET /v1/connections lists the connections that your key can see.',
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

/** The refusal of an unknown name. It repeats no name, since a caller may have sent a whole key. */
export function identityNotFound(what: SoughtIdentity): RequestRefusedError {
  return new RequestRefusedError(
    `${what}_not_found`,
    `There is no such ${what.replace('_', ' ')}.`,
    listsOf[what],
  );
}

function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return text.endsWith('.') ? text : `${text}.`;
}
