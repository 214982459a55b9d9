import type { KeyScope } from '@action-mesh/contracts/auth-broker';
import type { AuthenticationFault } from '@action-mesh/identity';

import { MeshUnavailableError } from '../../domain/gateway.errors.js';
import { HttpProblemError } from './problem.js';

/** The challenge of a 401 and a 403 (RFC 6750, section 3). */
const challenge = 'Bearer realm="action-mesh"';

const wholeKey = 'Send the whole key as "Authorization: Bearer <key>".';

/** Detail and fix for each fault. An unknown key and a wrong secret are one fault. */
const faults: Readonly<
  Record<Exclude<AuthenticationFault, 'not_ready'>, readonly [detail: string, fix: string]>
> = {
  missing: ['The request shows no key.', wholeKey],
  damaged: ['The key is damaged: a part of it is missing or changed.', wholeKey],
  wrong_use: [
    'A publisher token opens the topic mesh.ingress alone.',
    'Send an API key. It begins with "mesh_".',
  ],
  wrong_environment: [
    'The key belongs to another environment than this gateway.',
    'Use a key of this environment. The second word of a key names its environment.',
  ],
  unknown: [
    'The key is unknown, revoked or wrong.',
    'Use another key. An owner of the tenant can create one with POST /v1/keys.',
  ],
  expired: [
    'The key has expired.',
    'Use another key. POST /v1/keys/{id}/rotate makes a successor before the expiry.',
  ],
};

/**
 * The refusal of a caller that is not authenticated. It reveals nothing about existing keys. `metadataUrl` leads an MCP
 * host to the authorization servers (RFC 9728, section 5.1).
 */
export function notAuthenticated(
  fault: AuthenticationFault,
  metadataUrl?: string,
): HttpProblemError | MeshUnavailableError {
  if (fault === 'not_ready') {
    return new MeshUnavailableError('The gateway is starting: the keys are not known.', {
      fix: 'Send the same request again later.',
    });
  }
  const [detail, fix] = faults[fault];
  return new HttpProblemError(
    { status: 401, title: 'Not authorized', code: 'unauthorized', detail, fix },
    {
      'www-authenticate': `${challenge}${fault === 'missing' ? '' : ', error="invalid_token"'}${resourceAt(metadataUrl)}`,
    },
  );
}

/** The challenge for an MCP host, which can ask its authorization server for more scopes. */
export interface ScopeChallenge {
  /** Every scope of the request, since a new token has only the scopes that are asked for. */
  readonly needed?: readonly KeyScope[];
  readonly metadataUrl?: string | undefined;
}

/** The refusal of a caller without a scope of the request. */
export function scopeMissing(
  scope: KeyScope,
  { needed = [scope], metadataUrl }: ScopeChallenge = {},
): HttpProblemError {
  return new HttpProblemError(
    {
      status: 403,
      title: 'Scope missing',
      code: 'scope_missing',
      detail: `The key has no scope "${scope}", which this route needs.`,
      fix: `Use a key with the scope "${scope}". GET /v1/me shows the scopes of a key.`,
      scope,
    },
    {
      'www-authenticate': `${challenge}, error="insufficient_scope", scope="${needed.join(' ')}"${resourceAt(metadataUrl)}`,
    },
  );
}

function resourceAt(metadataUrl: string | undefined): string {
  return metadataUrl === undefined ? '' : `, resource_metadata="${metadataUrl}"`;
}

/** The refusal of a limited key at a route that reaches the whole tenant. */
export function keyTooNarrow(): HttpProblemError {
  return new HttpProblemError({
    status: 403,
    title: 'Key limited',
    code: 'key_limited',
    detail: 'The key is limited to some users or tools, and this route reaches beyond them.',
    fix: 'Use a key without these limits.',
  });
}
