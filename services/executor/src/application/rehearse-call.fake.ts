import { PolicySet } from '@action-mesh/policies';

import { fakeCredentials } from './call-credentials.fake.js';
import { RehearseCall, type RehearseCallParts } from './rehearse-call.js';

/** Rehearsals whose requests have no credential, unless a test gives one. */
export function fakeRehearsals(
  parts: Pick<RehearseCallParts, 'throttle'> & Partial<RehearseCallParts>,
): RehearseCall {
  return new RehearseCall({
    credentials: fakeCredentials(),
    preview: { masked: (request) => ({ request }) },
    policies: new PolicySet(),
    ...parts,
  });
}
