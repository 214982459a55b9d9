import { isCovered } from '@action-mesh/connections';
import type { Account } from '@action-mesh/contracts/auth-broker';

import { plainAddress, withoutSlash } from './address.js';
import type { BaseFacts } from './account-address.js';
import type { ProviderDefinition } from './provider.js';
import { ProviderError } from './provider.errors.js';
import { resolveTemplate } from './template.js';
import { textAt } from './value-at.js';

/** The most characters of an id or a name (contract of `Account`). */
const mostCharacters = 500;

/** A request with the new credential. */
export interface AccountRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A JSON value. */
  readonly body?: unknown;
}

/**
 * The request that tells the account behind a credential. Undefined: the token answer tells it, or nothing does. Throws
 * `ProviderError` when the request would take the credential to a foreign host.
 */
export function accountRequest(provider: ProviderDefinition, facts: BaseFacts): AccountRequest | undefined {
  const { identity } = provider;
  if (identity?.from !== 'request') return undefined;
  return {
    method: identity.method ?? 'GET',
    url: ownAddress(provider, identity.url, facts),
    headers: identity.headers ?? {},
    ...(identity.body === undefined ? {} : { body: identity.body }),
  };
}

/** The request for the `details` of `baseOf`. Undefined: the base needs none. Throws as `accountRequest`. */
export function baseRequest(provider: ProviderDefinition, facts: BaseFacts): AccountRequest | undefined {
  const { base } = provider;
  if (base?.from !== 'request') return undefined;
  return { method: 'GET', url: ownAddress(provider, base.url, facts), headers: {} };
}

/**
 * The account that a document names: the answer of the token endpoint, the claims of an ID token, or the answer to
 * `accountRequest`. Undefined: the provider tells no accounts apart, or the document names none.
 */
export function accountOf({ identity }: ProviderDefinition, document: unknown): Account | undefined {
  if (identity === undefined) return undefined;
  const pointers = typeof identity.id === 'string' ? [identity.id] : identity.id;
  const parts = pointers.map((pointer) => textAt(pointer, document));
  if (parts.includes(undefined)) return undefined;
  const id = parts.join('/');
  if (id.length > mostCharacters) return undefined;
  const name = identity.name === undefined ? undefined : textAt(identity.name, document);
  return { id, ...(name === undefined ? {} : { name: name.slice(0, mostCharacters) }) };
}

function ownAddress(
  provider: ProviderDefinition,
  template: string,
  { settings, fields, baseUrl, hosts = [] }: BaseFacts,
): string {
  const text = template.startsWith('{base}')
    ? `${withoutSlash(baseUrl ?? '')}${template.slice('{base}'.length)}`
    : resolveTemplate(provider, template, { ...settings, ...fields });
  const [address = ''] = text.split('?');
  const url = plainAddress(address);
  if (url !== undefined && isCovered(url.host, [...provider.hosts, ...hosts])) return text;
  throw new ProviderError(
    'PROVIDER_FOREIGN_HOST',
    `${provider.name} would get the account from a host that its hosts do not cover; add the host to the integration if it is right.`,
  );
}
