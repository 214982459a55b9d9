import { randomUUID } from 'node:crypto';

import { percentile, waitFor } from '@action-mesh/testing';

import type { BenchMesh, BenchSetting } from '../bench-setting.js';
import { rounded } from '../statistics.js';
import { atMost, type ResultRow } from '../result-row.js';

const approvedCalls = 20;
const tool = 'bench_echo';

interface HeldApproval {
  readonly id: string;
  readonly call_id: string;
  readonly arguments_digest: string;
}

/** Measures the time from the approval of a call to its end. A second key approves, as nobody approves an own call. */
export async function approvals(setting: BenchSetting, { form, processes }: BenchMesh): Promise<ResultRow[]> {
  await setting.delayProvider(0);
  const policy = '/v1/policies/bench-approvals';
  const asUser = 'bench-approvals';
  const api = apiOf(processes.gatewayUrl, processes.apiKey);
  const { key } = await api<{ key: string }>('POST', '/v1/keys', {
    role: 'approver',
    holder: 'approver',
  });
  const approver = apiOf(processes.gatewayUrl, key);
  await api('PUT', policy, { decision: 'ask', match: { user_id: asUser }, reason: 'the bench asks' });
  try {
    const times: number[] = [];
    const ask = async (): Promise<HeldApproval> => {
      const call = {
        tool: { slug: tool },
        user_id: asUser,
        agent: { id: 'bench', run_id: randomUUID() },
        arguments: { text: randomUUID() },
      };
      const { call_id: id } = await api<{ call_id: string }>('POST', '/v1/calls', call);
      return waitFor(
        async () => {
          const { approvals: listed } = await api<{ approvals: HeldApproval[] }>(
            'GET',
            `/v1/approvals?user_id=${asUser}`,
          );
          return listed.find((each) => each.call_id === id);
        },
        { what: 'an approval that the policy asks for', timeoutMs: 20_000 },
      );
    };
    for (let count = 0; count < setting.calls(approvedCalls, 3); count += 1) {
      const held = await ask();
      const startedAtMs = performance.now();
      await approver('POST', `/v1/approvals/${held.id}/approve`, { arguments_digest: held.arguments_digest });
      await waitFor(
        async () => (await api<{ state: string }>('GET', `/v1/calls/${held.call_id}`)).state === 'SUCCEEDED',
        { what: 'the end of an approved call', timeoutMs: 20_000 },
      );
      times.push(performance.now() - startedAtMs);
    }
    const section = `approvals, ${form}`;
    const name = 'from the approval to the end of the call';
    return [
      {
        section,
        name: `${name}, p50`,
        figure: rounded(percentile(times, 0.5)),
        unit: 'ms',
        target: atMost(1_000),
      },
      {
        section,
        name: `${name}, longest of ${times.length}`,
        figure: rounded(Math.max(...times)),
        unit: 'ms',
        target: atMost(1_000),
      },
    ];
  } finally {
    await api('DELETE', policy);
  }
}

type Api = <Answer>(method: string, path: string, body?: unknown) => Promise<Answer>;

function apiOf(gatewayUrl: string, key: string): Api {
  return async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const answer = await fetch(`${gatewayUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  };
}
