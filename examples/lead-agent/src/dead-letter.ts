import { randomUUID } from 'node:crypto';

import type { ProviderSimulator } from '@action-mesh/testing';

import type { MeshProcesses } from '@action-mesh/mesh-processes';

import { unluckyUser } from './accounts.js';

/** The story of the call to a broken provider. */
export interface DeadLetterStory {
  readonly callId: string;
  /** The first outcome of the call, and the last one. */
  readonly first: string;
  readonly last: string;
  readonly attempts: number;
  readonly effects: number;
}

/** The contact of that call. The other figures leave out its requests. */
export const deadContactPath = '/crm/contacts/out-of-order%40example.com';

interface Told {
  readonly call_id: string;
  readonly status: string;
}

/**
 * Writes to a broken provider. The call uses up its retries and enters the dead letter queue. When the provider works
 * again, the call is redriven, as an operator would do it.
 */
export async function playDeadLetter(
  { gatewayUrl, apiKey }: MeshProcesses,
  oracle: ProviderSimulator,
  until: (condition: () => Promise<boolean>) => Promise<void>,
): Promise<DeadLetterStory> {
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${gatewayUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        prefer: 'wait=60',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok)
      throw new Error(`${method} ${path} was answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
  await oracle.behave({ match: { path: deadContactPath }, mode: 'status', status: 503 });
  const first = (await ask('POST', '/v1/tools/crm_update_contact/execute', {
    user_id: unluckyUser,
    agent: { id: 'example-agent', run_id: randomUUID() },
    arguments: { email: 'out-of-order@example.com', name: 'Ada Okafor' },
  })) as Told;
  await oracle.behave({ match: { path: deadContactPath }, mode: 'ok' });
  const { calls } = (await ask('GET', '/v1/dead-letters')) as { calls: readonly Told[] };
  if (calls.some(({ call_id: dead }) => dead === first.call_id)) {
    await ask('POST', '/v1/dead-letters/redrive', { redrive_id: randomUUID(), call_ids: [first.call_id] });
  }
  let view = { state: '', attempts: 0, outcome: { status: '' } };
  await until(async () => {
    view = (await ask('GET', `/v1/calls/${first.call_id}`)) as typeof view;
    return view.state === 'SUCCEEDED' || view.state === 'FAILED';
  });
  const requests = await oracle.requests({ path: deadContactPath });
  return {
    callId: first.call_id,
    first: first.status,
    last: view.outcome.status,
    attempts: view.attempts,
    effects: requests.filter(({ effect }) => effect === 'new').length,
  };
}
