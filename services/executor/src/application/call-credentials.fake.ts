import { IntegrationDirectory, type LeaseAnswer, type LeasedCredential } from '@action-mesh/connections';
import type { CredentialWant, Leases } from '@action-mesh/connections/client';
import type { Integration } from '@action-mesh/contracts/auth-broker';

import { CallCredentials } from './call-credentials.js';

/** The integration `x` of the tenant `t`, for tools of the provider `x`. */
export const servedIntegration: Integration = {
  tenant_id: 't',
  integration: 'x',
  provider: 'x',
  serves: ['x'],
  changed_at: '2026-11-30T09:00:00.000Z',
  hosts: ['api.example'],
};

/** Leases with scripted answers. Without one, every user has a connection of its own. */
export class FakeLeases implements Leases {
  readonly asked: (CredentialWant & { readonly refusedVersion?: number })[] = [];
  /** The next answers, in their order. */
  readonly answers: LeaseAnswer[] = [];
  readonly memory = new Map<string, LeasedCredential>();

  held(want: CredentialWant): LeasedCredential | undefined {
    return this.memory.get(keyOf(want));
  }

  obtain(want: CredentialWant): Promise<LeaseAnswer> {
    this.asked.push(want);
    return Promise.resolve(this.#answer(want, 1));
  }

  renew(want: CredentialWant, { version: refusedVersion }: LeasedCredential): Promise<LeaseAnswer> {
    this.asked.push({ ...want, refusedVersion });
    this.memory.delete(keyOf(want));
    return Promise.resolve(this.#answer(want, refusedVersion + 1));
  }

  #answer(want: CredentialWant, version: number): LeaseAnswer {
    const answer = this.answers.shift() ?? { credential: sampleLease(want, version) };
    if ('credential' in answer) this.memory.set(keyOf(want), answer.credential);
    return answer;
  }
}

/** The credential of a user. Its text names its owner. */
export function sampleLease(
  { tenantId, userId, connectionId }: Pick<CredentialWant, 'tenantId' | 'userId' | 'connectionId'>,
  version = 1,
): LeasedCredential {
  return {
    connection_id: connectionId ?? '01998c50-0000-7a0b-8c0d-0e0f10111213',
    version,
    places: [{ in: 'header', name: 'authorization', value: `Bearer ${tenantId}-${userId}-${version}` }],
    hosts: ['api.example'],
  };
}

/** Credentials of calls. Without integrations, no call needs one. */
export function fakeCredentials(
  integrations: readonly Integration[] = [],
  leases: Leases = new FakeLeases(),
): CallCredentials {
  const directory = new IntegrationDirectory();
  for (const integration of integrations) directory.put(integration);
  return new CallCredentials({ integrations: directory, leases, clock: { now: () => 0 } });
}

function keyOf({ tenantId, userId, integration, connectionId }: CredentialWant): string {
  return JSON.stringify([tenantId, userId, integration, connectionId]);
}
