import type { RegisteredTool } from '@action-mesh/admission';
import type { Tool } from '@action-mesh/contracts/catalog';
import {
  callRequestSchema,
  proxyRequestSchema,
  proxyTool,
  type CallRequest,
  type ProxyRequest,
} from '@action-mesh/contracts/gateway';
import type { JsonValue } from '@action-mesh/kernel';
import { ArgumentValidator } from '@action-mesh/tools';

import { RequestRefusedError } from './gateway.errors.js';
import { readRequestForm } from './request-form.js';

const callFormSchema = callRequestSchema.omit({ tool: true, arguments: true });
/** The body of `POST /v1/proxy/{integration}`: a call without its tool, and one HTTP request. */
export const proxyCallSchema = callFormSchema.extend(proxyRequestSchema.shape);
const callMembers = new Set(Object.keys(callFormSchema.shape));

/** A proxied request, as a call of the built-in tool. */
export interface ProxyCall {
  readonly request: CallRequest;
  readonly effect: NonNullable<ProxyRequest['effect']>;
}

/** Reads the body of `POST /v1/proxy/{integration}`. Throws {@link RequestRefusedError}. */
export function readProxyCall(integration: string, json: JsonValue): ProxyCall {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new RequestRefusedError(
      'invalid_request',
      'The body is not a JSON object.',
      'Send an object with user_id, method and path.',
    );
  const members = Object.entries(json);
  const own = (isOfCall: boolean): Record<string, JsonValue> =>
    Object.fromEntries(members.filter(([name]) => callMembers.has(name) === isOfCall));
  const call = readRequestForm(callFormSchema, own(true), 'a proxied request');
  const proxied = readRequestForm(proxyRequestSchema, own(false), 'a proxied request');
  return {
    request: {
      ...call,
      tool: { slug: proxyTool.slug, version: proxyTool.version },
      arguments: { integration, ...proxied },
    },
    effect: proxied.effect ?? 'opaque',
  };
}

/** The built-in tool with the effect of one request. The effect decides on the scope of equal calls. */
export function registeredProxy(effect: ProxyCall['effect']): RegisteredTool {
  return registered[effect];
}

const registered: Readonly<Record<ProxyCall['effect'], RegisteredTool>> = {
  read: registeredWith('read'),
  idempotent: registeredWith('idempotent'),
  opaque: registeredWith('opaque'),
};

function registeredWith(effect: ProxyCall['effect']): RegisteredTool {
  const tool: Tool = {
    ...proxyTool,
    toolkit: proxyTool.slug,
    title: 'Proxied request',
    description: 'One HTTP request with the credential of a connection.',
    tags: [],
    aliases: [],
    security: [],
    provider: { slug: proxyTool.slug, base_url: 'https://proxy.invalid' },
    // The gateway has read the arguments by their own schema before.
    input: { type: 'object' },
    examples: [],
    http: { method: 'POST', path: '/', parameters: [], headers: {} },
    effect: { class: effect },
    effect_source: 'declared',
    token_cost: 0,
    warnings: [],
    timeout_ms: 30_000,
    retry: { max_attempts: 5, initial_backoff_ms: 500, max_backoff_ms: 30_000 },
    validity_ms: 86_400_000,
  };
  return { tool, majorVersion: 1, validator: new ArgumentValidator(tool) };
}
