/**
 * The address of the API for one account.
 *
 * - BA1: the hosts of the provider and of the integration cover the host of the address, and a public host needs https. A
 *   token answer cannot send a credential to a foreign host.
 */
import { hostOf, isCovered } from '@action-mesh/connections';

import { plainAddress, withoutSlash } from './address.js';
import { fill } from './template-variables.js';
import type { ProviderDefinition } from './provider.js';
import { ProviderError } from './provider.errors.js';
import { resolveTemplate, type TemplateValues } from './template.js';
import { textAt } from './value-at.js';

/** Replaces the beginning of tools' addresses. Neither end has a trailing slash. */
export interface BaseReplacement {
  readonly from: string;
  readonly to: string;
}

/** The known facts about the account and its integration. */
export interface BaseFacts {
  /** The answer of the token endpoint, or of the request for the base. Absent when `baseUrl` is known. */
  readonly details?: unknown;
  readonly settings: TemplateValues;
  /** The fields that the user entered. */
  readonly fields: TemplateValues;
  /** The address that is stored with the connection, else the one of the integration. */
  readonly baseUrl?: string | undefined;
  /** The hosts of the integration beyond those of the provider. */
  readonly hosts?: readonly string[];
}

/**
 * The replacement for the addresses of tools. Undefined: the tools' addresses hold for every account. Throws
 * `ProviderError` when the account's address is missing, ambiguous, malformed, or at a foreign host.
 */
export function baseOf(provider: ProviderDefinition, facts: BaseFacts): BaseReplacement | undefined {
  const { base, baseUrl } = provider;
  if (base === undefined) {
    // The integration names a server of its own, such as GitHub Enterprise.
    if (baseUrl === undefined || facts.baseUrl === undefined) return undefined;
    const from = withoutSlash(resolveTemplate(provider, baseUrl, facts.settings));
    return replacement(provider, facts, from, facts.baseUrl);
  }
  const to = facts.baseUrl ?? accountAddress(provider, base, facts);
  return replacement(provider, facts, withoutSlash(base.replaces), to);
}

/**
 * The hosts that may get the credential of one account. An account with an address of its own gets its exact host instead
 * of the provider's patterns, since another organization must not get this credential. A server of the tenant's own takes
 * the place of all hosts of the provider.
 */
export function hostsOf(
  { hosts }: ProviderDefinition,
  integrationHosts: readonly string[],
  base: BaseReplacement | undefined,
): readonly string[] {
  const all = [...new Set([...hosts, ...integrationHosts])];
  const own = base === undefined ? undefined : hostOf(base.to);
  if (own === undefined) return all;
  const isElsewhere = !isCovered(own, hosts);
  const dropped = new Set(hosts.filter((rule) => isElsewhere || rule.startsWith('*.')));
  return [...new Set([own, ...all.filter((rule) => !dropped.has(rule))])];
}

function accountAddress(
  provider: ProviderDefinition,
  base: NonNullable<ProviderDefinition['base']>,
  { details, settings, fields }: BaseFacts,
): string {
  if (base.from === 'fields') return resolveTemplate(provider, base.template, { ...settings, ...fields });
  const item =
    base.from === 'request' && base.choose !== undefined
      ? chosenItem(provider, base.choose, details, settings)
      : details;
  const value = textAt(base.at, item);
  if (value === undefined) throw missing(provider, []);
  return base.template === undefined ? value : withId(provider, base.template, value, settings);
}

/** A template with the account's own id in it. The id comes from outside, so it is checked like a value. */
function withId(
  provider: ProviderDefinition,
  template: string,
  id: string,
  settings: TemplateValues,
): string {
  if (!/^[A-Za-z0-9_-]+$/.test(id)) throw foreign(provider);
  const filled = fill(template, (name) => (name === 'id' ? id : `{${name}}`));
  return resolveTemplate(provider, filled, settings);
}

/** The item of the account's list that the setting names, or the only one. */
function chosenItem(
  provider: ProviderDefinition,
  { at, equals, setting }: { readonly at: string; readonly equals: string; readonly setting: string },
  details: unknown,
  settings: TemplateValues,
): unknown {
  const items: readonly unknown[] = Array.isArray(details) ? details : [];
  const isChosen = (settings[setting] ?? '') !== '';
  const wanted = isChosen ? resolveTemplate(provider, equals, settings) : undefined;
  const fitting = wanted === undefined ? items : items.filter((item) => textAt(at, item) === wanted);
  if (fitting.length === 1) return fitting[0];
  if (fitting.length === 0) throw missing(provider, isChosen ? [setting] : []);
  throw new ProviderError(
    'PROVIDER_AMBIGUOUS',
    `The account has several sites at ${provider.name}; name one in the setting ${setting} of the integration.`,
    [setting],
  );
}

function replacement(
  provider: ProviderDefinition,
  { hosts = [] }: BaseFacts,
  from: string,
  address: string,
): BaseReplacement | undefined {
  const url = plainAddress(address);
  if (url === undefined || !isCovered(url.host, [...provider.hosts, ...hosts])) throw foreign(provider);
  const to = withoutSlash(url.href);
  return to === from ? undefined : { from, to };
}

function missing(provider: ProviderDefinition, names: readonly string[]): ProviderError {
  return new ProviderError(
    'PROVIDER_VALUE_MISSING',
    names.length > 0
      ? `The account has no site at ${provider.name} that ${names.join(', ')} names; correct the setting or connect another account.`
      : `${provider.name} named no address for this account; connect an account that has access to a site.`,
    names,
  );
}

function foreign(provider: ProviderDefinition): ProviderError {
  return new ProviderError(
    'PROVIDER_FOREIGN_HOST',
    `${provider.name} named an address that its hosts do not cover, so it gets no credential; add the host to the integration if it is right.`,
  );
}
