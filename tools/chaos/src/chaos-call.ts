import { ToolPublished, type Tool } from '@action-mesh/contracts/catalog';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { LimitPublished, type LimitPolicy } from '@action-mesh/contracts/rate-governor';
import { callHash, contentHash, defined, newId, type JsonValue } from '@action-mesh/kernel';
import { encodeEvent, type OutgoingRecord } from '@action-mesh/messaging';
import { startProviderSimulator, type ProviderSimulator, type RecordedRequest } from '@action-mesh/testing';
import { compileTool } from '@action-mesh/tools/compile';

import {
  chaosAgain,
  chaosFindTicket,
  chaosKeyed,
  chaosLimited,
  chaosOnce,
  chaosPut,
  chaosRead,
  chaosTicket,
} from './tools/chaos-tools.js';

/**
 * The effect classes of the chaos tools. `at_least_once` is an opaque tool with an owner who prefers a repetition to a
 * loss.
 */
export const effectClasses = ['read', 'idempotent', 'keyed', 'probeable', 'opaque', 'at_least_once'] as const;
export type ChaosClass = (typeof effectClasses)[number];

const definitions = {
  read: chaosRead,
  idempotent: chaosPut,
  keyed: chaosKeyed,
  probeable: chaosTicket,
  opaque: chaosOnce,
  at_least_once: chaosAgain,
} as const;

/** The fault that a call brings along, in the terms of the provider simulator. */
export interface BroughtFault {
  readonly sim_mode?: string;
  readonly sim_ms?: string;
  readonly sim_times?: string;
  readonly sim_status?: string;
  readonly sim_retry_after?: string;
}

/** One call that a run makes. */
export interface ChaosCall {
  readonly effect: ChaosClass;
  /** The name of the call at the provider. */
  readonly ref: string;
  readonly fault: BroughtFault;
  readonly accepted: AcceptedCall;
}

export interface ChaosCallOptions {
  readonly effect: ChaosClass;
  readonly ref: string;
  readonly fault?: BroughtFault;
  readonly tenantId?: string;
  readonly deadline?: string;
  /** The call is a read at the provider with a limit. */
  readonly limited?: true;
  /** The original of a duplicate. */
  readonly sameAs?: ChaosCall;
}

/** A call in the form that the gateway publishes. */
export function chaosCall(options: ChaosCallOptions): ChaosCall {
  const { effect, sameAs } = options;
  const call_id = newId();
  const accepted_at = new Date().toISOString();
  if (sameAs !== undefined) return { ...sameAs, accepted: { ...sameAs.accepted, call_id, accepted_at } };
  const { ref, fault = {}, tenantId = 'chaos', deadline } = options;
  const args: Record<string, JsonValue> = { ref, ...fault };
  const { slug, version } = options.limited === true ? chaosLimited : definitions[effect];
  const content = { tool: slug, majorVersion: 1, arguments: args };
  const accepted: AcceptedCall = {
    call_id,
    tenant_id: tenantId,
    user_id: `user-${ref}`,
    agent: { id: 'chaos', run_id: ref },
    tool: { slug, version },
    arguments: args,
    scope: `run:${ref}`,
    mode: 'live',
    ...defined({ deadline }),
    hash: callHash({ ...content, scope: `run:${ref}` }),
    content_hash: contentHash(content),
    accepted_at,
  };
  return { effect, ref, fault, accepted };
}

/** A provider that stores the references of the chaos tools. */
export async function startChaosProvider(): Promise<ProviderSimulator> {
  const provider = await startProviderSimulator();
  await provider.behave({ match: { path: '/chaos/keyed/' }, mode: 'keyed' });
  return provider;
}

/** The records that publish all chaos tools for a provider at this address, like those of the catalog. */
export function chaosToolRecords(providerUrl: string): OutgoingRecord[] {
  return [...Object.values(definitions), chaosFindTicket, chaosLimited].map((definition) => {
    const compiled = compileTool(definition);
    if (!compiled.ok) throw new Error(`${definition.slug}: ${JSON.stringify(compiled.problems)}`);
    const tool: Tool = {
      ...compiled.tool,
      provider: { ...compiled.tool.provider, base_url: providerUrl },
    };
    return encodeEvent(ToolPublished, tool, { source: '/chaos' });
  });
}

/** The limit on the limited provider. */
export const chaosLimit = {
  id: 'chaos-limited',
  match: { provider: chaosLimited.provider.slug },
  per: 'provider',
  limit: 10,
  window: '1s',
  burst: 5,
} as const satisfies LimitPolicy;

export function chaosLimitRecord(): OutgoingRecord {
  return encodeEvent(LimitPublished, chaosLimit, { source: '/chaos' });
}

/** Whether a request went to the provider with the limit. */
export function isOfLimitedTool({ path }: RecordedRequest): boolean {
  return path.startsWith('/chaos/limited/');
}

/** The reference of a request. Undefined for a request that no call sends, such as a probe. */
export function refOf({ method, path, body }: RecordedRequest): string | undefined {
  const named = /^\/chaos\/[a-z]+\/([a-z0-9-]+)$/.exec(path)?.[1];
  if (named !== undefined || method !== 'POST') return named;
  return typeof body === 'object' && body !== null && 'ref' in body ? String(body.ref) : undefined;
}
