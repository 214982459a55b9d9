import {
  integrationIdSchema,
  integrationRequestSchema,
  type IntegrationRequest,
} from '@action-mesh/contracts/auth-broker';
import { hostOf, isCovered } from '@action-mesh/connections';
import { defined, jsonPointer, schemaProblems } from '@action-mesh/kernel';
import {
  endpointTraits,
  ordinaryScopes,
  ProviderError,
  settingProblems,
  type ProviderDefinition,
} from '@action-mesh/providers';

import { InvalidIdentityError, type IdentityProblem } from '../auth-broker.errors.js';
import { readRequest } from '../request.js';
import { integrationBaseUrl, integrationHosts, type IntegrationSettings } from './stored-integration.js';

/** The most hosts of an integration, with those of its provider. */
const mostHosts = 50;

/** The rules of the installation for integrations. */
export interface IntegrationRules {
  readonly providers: ReadonlyMap<string, ProviderDefinition>;
  /** The entry that `EGRESS_ALLOW` lacks for requests to a URL. Undefined: requests may leave. */
  readonly missingEntry: (url: string) => string | undefined;
}

/** An integration as its tenant wrote it. */
export interface WrittenIntegration {
  readonly settings: IntegrationSettings;
  readonly provider: ProviderDefinition;
  /** Absent: the stored secret stays. */
  readonly clientSecret?: string;
}

/** Reads an integration. Throws `InvalidIdentityError` with every problem of a request in the right form. */
export function readIntegration(
  integration: string,
  written: unknown,
  { providers, missingEntry }: IntegrationRules,
): WrittenIntegration {
  const id = integrationIdSchema.safeParse(integration);
  if (!id.success) throw new InvalidIdentityError(schemaProblems(id.error.issues, '/integration'));
  const request = readRequest(integrationRequestSchema, written);
  const provider = providers.get(request.provider ?? integration);
  if (provider === undefined) throw new InvalidIdentityError([unknownProvider(request)]);
  const settings: IntegrationSettings = {
    provider: provider.id,
    scopes: ordinaryScopes(provider, request.scopes),
    serves: request.serves ?? [],
    hosts: request.hosts ?? [],
    settings: request.settings ?? {},
    returnOrigins: request.return_origins ?? [],
    ...defined({ clientId: request.client_id, baseUrl: request.base_url }),
  };
  const problems = [
    ...clientProblems(request, provider),
    ...valueProblems(settings, provider, missingEntry),
    ...hostProblems(settings, provider, missingEntry),
    ...baseUrlProblems(settings, provider, missingEntry),
    ...originProblems(settings),
  ];
  if (problems.length > 0) throw new InvalidIdentityError(problems);
  return { settings, provider, ...defined({ clientSecret: request.client_secret }) };
}

function unknownProvider({ provider }: IntegrationRequest): IdentityProblem {
  return provider === undefined
    ? {
        pointer: '/provider',
        message: 'is missing, and no provider has the id of the integration; GET /v1/providers lists all',
      }
    : { pointer: '/provider', message: 'is no known provider; GET /v1/providers lists all' };
}

/** The client is the tenant's own at an OAuth provider. Users of other providers enter all that is needed. */
function clientProblems(
  { client_id: clientId, client_secret: secret }: IntegrationRequest,
  { auth, name }: ProviderDefinition,
): IdentityProblem[] {
  if (auth.kind === 'oauth2' || auth.kind === 'discovered') {
    if (clientId !== undefined) return [];
    return [{ pointer: '/client_id', message: `is required: register a client at ${name} and give its id` }];
  }
  const message = `does not belong here: each user of ${name} enters the credential on the connect page`;
  return [
    ...(clientId === undefined ? [] : [{ pointer: '/client_id', message }]),
    ...(secret === undefined ? [] : [{ pointer: '/client_secret', message }]),
  ];
}

/** The problems of the values, and of the addresses that the provider makes of them. */
function valueProblems(
  { settings: given }: IntegrationSettings,
  provider: ProviderDefinition,
  missingEntry: IntegrationRules['missingEntry'],
): IdentityProblem[] {
  const known = provider.settings ?? [];
  const names = known.map(({ name }) => name);
  const unknown = Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) => ({ pointer: pointerOf(name), message: unknownSetting(names) }));
  const wrong = known.flatMap((setting) => {
    const value = given[setting.name];
    const alone = { ...provider, settings: [setting] };
    const problems = settingProblems(alone, value === undefined ? {} : { [setting.name]: value });
    if (problems.length > 0)
      return problems.map((message) => ({
        pointer: pointerOf(setting.name),
        message: likeExample(message, setting),
      }));
    const entry = setting.isUrl === true && value !== undefined ? missingEntry(value) : undefined;
    return entry === undefined ? [] : [{ pointer: pointerOf(setting.name), message: closed(entry) }];
  });
  return unknown.length + wrong.length > 0 ? [...unknown, ...wrong] : addressProblems(given, provider);
}

/** A value that fits its own pattern may still not fit into an address. */
function addressProblems(
  given: IntegrationSettings['settings'],
  provider: ProviderDefinition,
): IdentityProblem[] {
  if (provider.auth.kind === 'fields') return [];
  try {
    endpointTraits(provider, given);
    return [];
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return [
      {
        pointer: error.names[0] === undefined ? '/settings' : pointerOf(error.names[0]),
        message: error.message,
      },
    ];
  }
}

function pointerOf(name: string): string {
  return jsonPointer(['settings', name]);
}

function unknownSetting(names: readonly string[]): string {
  return names.length === 0
    ? 'is no setting: the provider has none'
    : `is no setting of the provider; it has ${names.join(', ')}`;
}

function likeExample(message: string, { example }: { readonly example?: string | undefined }): string {
  return example === undefined ? message : `${message} Example: ${example}.`;
}

function hostProblems(
  { hosts }: IntegrationSettings,
  provider: ProviderDefinition,
  missingEntry: IntegrationRules['missingEntry'],
): IdentityProblem[] {
  if (hosts.length + provider.hosts.length === 0)
    return [
      { pointer: '/hosts', message: 'is required: the provider names no host that may get the credential' },
    ];
  const all = integrationHosts({ hosts }, provider).length;
  // A published integration with more is unreadable for executors and gateways.
  if (all > mostHosts)
    return [
      {
        pointer: '/hosts',
        message: `has ${all} hosts together with those of the provider; ${mostHosts} are possible`,
      },
    ];
  return hosts.flatMap((host, index) => {
    const pointer = `/hosts/${index}`;
    const url = `https://${host.replace('*', 'any')}`;
    if (!URL.canParse(url)) return [{ pointer, message: 'must be a host with a port from 1 to 65535' }];
    // The form of a URL that all other parts compare with: without the port of https, and without a number as a host.
    if (new URL(url).host !== url.slice('https://'.length))
      return [
        {
          pointer,
          message: 'must be in its usual form: without the port 443, and with four numbers in an IP',
        },
      ];
    const entry = isInside(url, missingEntry);
    return entry === undefined ? [] : [{ pointer, message: closed(entry) }];
  });
}

/** The entry that a host inside the network needs. A port of a public host is no reason to refuse a rule. */
function isInside(url: string, missingEntry: IntegrationRules['missingEntry']): string | undefined {
  const withoutPort = new URL(url);
  withoutPort.port = '';
  return missingEntry(withoutPort.href) === undefined ? undefined : missingEntry(url);
}

function closed(entry: string): string {
  return `is not open to this installation; its operator can add ${entry} to EGRESS_ALLOW of the auth broker and the executor`;
}

function baseUrlProblems(
  settings: IntegrationSettings,
  provider: ProviderDefinition,
  missingEntry: IntegrationRules['missingEntry'],
): IdentityProblem[] {
  const { baseUrl } = settings;
  if (baseUrl === undefined) return [];
  const pointer = '/base_url';
  const { username, password, search, hash } = new URL(baseUrl);
  if (`${username}${password}${search}${hash}` !== '' || /[?#@\\\s]/.test(baseUrl))
    return [{ pointer, message: 'must be an address without user, query and fragment' }];
  const host = hostOf(integrationBaseUrl(settings, provider) ?? '');
  if (host === undefined || !isCovered(host, integrationHosts(settings, provider)))
    return [{ pointer, message: 'has a host that may not get the credential; add its host to hosts' }];
  const entry = missingEntry(baseUrl);
  return entry === undefined ? [] : [{ pointer, message: closed(entry) }];
}

function originProblems({ returnOrigins }: IntegrationSettings): IdentityProblem[] {
  return returnOrigins.flatMap((text, index) => {
    const { origin, protocol, hostname } = new URL(text);
    const isSafe = protocol === 'https:' || /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
    return origin === text && isSafe
      ? []
      : [
          {
            pointer: `/return_origins/${index}`,
            message: 'must be an origin such as https://app.example.com; http is for this machine alone',
          },
        ];
  });
}
