import type { CallComparison } from '@action-mesh/contracts/executor';

import { requestDifferences } from '../../domain/request-difference.js';
import { withProviderKey } from '../provider-request.js';
import { withoutSecretTexts } from '../shown-request.js';
import type { ProviderRequest, Tools } from '../tools.port.js';
import { builtAgain } from './built-again.js';
import type { CallRecords } from './call-records.port.js';

/** Stands for the key that the mesh gives to each call at its provider. Two calls never have the same one. */
const neutralKey = '00000000-0000-8000-8000-000000000000';

const mostShown = 100;

/** Compares the requests of two calls, for example of a rehearsal and of the live call after it. */
export class CompareCalls {
  readonly #records: CallRecords;
  readonly #tools: Tools;

  constructor(records: CallRecords, tools: Tools) {
    this.#records = records;
    this.#tools = tools;
  }

  async execute(tenantId: string, callId: string, other: string): Promise<CallComparison> {
    const named = { call_id: callId, with: other };
    const [first, second] = await Promise.all([
      this.#request(tenantId, callId),
      this.#request(tenantId, other),
    ]);
    if ('reason' in first) return { ...named, differences: [], not_compared: first.reason };
    if ('reason' in second) return { ...named, differences: [], not_compared: second.reason };
    const found = requestDifferences(first.request, second.request);
    return {
      ...named,
      equal: found.length === 0,
      differences: found.slice(0, mostShown).map(withoutSecretTexts),
      ...(found.length > mostShown ? { more: true } : {}),
    };
  }

  async #request(
    tenantId: string,
    callId: string,
  ): Promise<{ readonly request: ProviderRequest } | { readonly reason: string }> {
    const intended = await this.#records.intended(tenantId, callId);
    if (intended === undefined) return { reason: `the call ${callId} has no request` };
    const again = builtAgain(intended, this.#tools);
    if ('reason' in again) return { reason: `of the call ${callId}: ${again.reason}` };
    const { tool, buildRequest } = again.prepared;
    return { request: withProviderKey(buildRequest(intended.call.arguments), tool, neutralKey) };
  }
}
