import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import type { Tool } from '@action-mesh/contracts/catalog';

import { intentOf } from '../intent.js';
import { withProviderKey } from '../provider-request.js';
import type { PreparedTool, ProviderRequest } from '../tools.port.js';
import type { IntendedCall } from './call-records.port.js';
import { ShowRequest } from './show-request.js';

const call = {
  call_id: '01a2244c-ee80-7084-9c12-6e304f6c5704',
  tool: { slug: 'pay', version: '1.0.0' },
  arguments: { amount: 5 },
} as unknown as AcceptedCall;

const built: ProviderRequest = {
  method: 'POST',
  url: 'https://pay.example/charges?api_key=k-1',
  headers: { authorization: 'Bearer abc' },
  body: '{"amount":5}',
};

const tool = {
  effect: { class: 'keyed', in: 'header', name: 'idempotency-key', ttl_ms: 1_000 },
  http: {},
} as Tool;
const intended = intentOf(withProviderKey(built, tool, call.call_id), call.call_id);

function show(
  intent: IntendedCall['intent'] = intended,
  prepared: Partial<PreparedTool> | 'withdrawn' = {},
): ReturnType<ShowRequest['execute']> {
  const known =
    prepared === 'withdrawn' ? undefined : { tool, endpoint: '', buildRequest: () => built, ...prepared };
  return new ShowRequest(
    { page: () => Promise.reject(new Error('unused')), intended: () => Promise.resolve({ call, intent }) },
    { of: () => known, stable: () => undefined },
  ).execute('acme', call.call_id);
}

const digest = intended.digest.toString('hex');

describe('the request of a call', () => {
  it('is shown as it left, with its idempotency key and without its credentials', async () => {
    expect(await show()).toEqual({
      digest,
      method: 'POST',
      url: 'https://pay.example/charges?api_key=%5Bmasked%5D',
      headers: { authorization: '[masked]', 'idempotency-key': call.call_id },
      body: '{"amount":5}',
    });
  });

  it('is not shown when the tool builds another one today', async () => {
    const other = { ...built, body: '{"amount":500}' };
    expect(await show(undefined, { buildRequest: () => other })).toEqual({
      digest,
      not_shown: 'the request cannot be built again as it was, so only its digest is known',
    });
  });

  it('is not shown when its files came from elsewhere', async () => {
    const http = { body: { encoding: 'multipart', argument: 'amount', files: { photo: 'image/png' } } };
    const withFile = { ...call, arguments: { amount: { photo: { url: 'https://files.test/a' } } } };
    const shown = new ShowRequest(
      {
        page: () => Promise.reject(new Error('unused')),
        intended: () => Promise.resolve({ call: withFile, intent: intended }),
      },
      {
        of: () => ({ tool: { ...tool, http } as unknown as Tool, endpoint: '', buildRequest: () => built }),
        stable: () => undefined,
      },
    );
    expect(await shown.execute('acme', call.call_id)).toEqual({
      digest,
      not_shown: 'its files came from a URL or a result and are not kept, so only its digest is known',
    });
  });

  it('is not shown when its tool no longer builds a request', async () => {
    const fails = (): never => {
      throw new Error('no');
    };
    expect(await show(undefined, { buildRequest: fails })).toEqual({
      digest,
      not_shown: 'the arguments no longer make a request',
    });
  });

  it('is not shown after its tool was withdrawn', async () => {
    expect(await show(undefined, 'withdrawn')).toEqual({
      digest,
      not_shown: 'the version 1.0.0 of the tool pay is no longer published',
    });
  });
});
