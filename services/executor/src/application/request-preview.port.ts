import type { LeasedCredential } from '@action-mesh/connections';

import type { Failure } from '../domain/attempt-evidence.js';
import type { ProviderRequest } from './tools.port.js';

/** A request as it would leave. */
export interface Previewed {
  readonly request: ProviderRequest;
  /** The rule that would stop it. The request then has no credential. */
  readonly failure?: Failure;
}

/** Shows requests as they would leave, with a mask in the places of the credential. Sends nothing. */
export interface RequestPreview {
  masked(
    request: ProviderRequest,
    options: { readonly provider: string; readonly credential: LeasedCredential | undefined },
  ): Previewed;
}
