import { publisherTokenHeader } from '@action-mesh/contracts/gateway';
import type { AuthenticationFault } from '@action-mesh/identity';

/** The refusal of a record without a valid publisher token. */
export interface TokenRefusal {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

const useToken = `Publish with a publisher token in the header ${publisherTokenHeader}; POST /v1/keys of the gateway makes one with "use": "publisher".`;

/** What is wrong, and the next step. An unknown token and a wrong secret have one text. None holds a part of a token. */
const texts: Readonly<Record<AuthenticationFault, readonly [message: string, fix: string]>> = {
  missing: [`the header ${publisherTokenHeader} is missing`, useToken],
  damaged: [
    `the header ${publisherTokenHeader} holds no publisher token, or a damaged one`,
    'Send the whole token, as it was shown when it was made.',
  ],
  wrong_use: [
    `the header ${publisherTokenHeader} holds an API key, which does not open Kafka`,
    `Revoke this API key, because every reader of the topic can see it. ${useToken}`,
  ],
  wrong_environment: [
    'the publisher token belongs to another environment than this mesh',
    'Use a token whose second part is the MESH_ENVIRONMENT of this mesh.',
  ],
  unknown: ['the publisher token is unknown, revoked or wrong', useToken],
  expired: ['the publisher token has expired', 'Make a new token: POST /v1/keys/{id}/rotate of the gateway.'],
  not_ready: ['the publisher tokens are not known yet', 'Publish the record again under a new call id.'],
};

/** The refusal for a fault of the token. */
export function tokenRefusal(fault: AuthenticationFault): TokenRefusal {
  const [message, fix] = texts[fault];
  return { code: 'PUBLISHER_TOKEN_INVALID', message, fix };
}
