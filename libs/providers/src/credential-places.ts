import type { CredentialPlace } from '@action-mesh/connections';

import { fill } from './template-variables.js';
import type { CredentialPlaceDefinition, ProviderDefinition } from './provider.js';
import { ProviderError } from './provider.errors.js';
import { resolveText, type TemplateValues } from './template.js';

/** A header name (RFC 9110) that carries a credential. The others belong to the connection or to the message's form. */
const headerName = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
const reservedHeaders = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The parts of a credential. */
export interface CredentialParts {
  /** The access token as `access_token`, or the fields that the user entered. */
  readonly secrets: TemplateValues;
  /** The settings of the integration. */
  readonly settings: TemplateValues;
}

/**
 * The headers and query parameters that carry a credential. Query values are not encoded yet. Throws `ProviderError` when a
 * value is missing or cannot stand in its place. The error shows no value.
 */
export function credentialPlaces(provider: ProviderDefinition, parts: CredentialParts): CredentialPlace[] {
  return provider.credential
    .map((definition) => ({
      in: definition.in,
      name: placeName(provider, definition, parts.settings),
      value: placeValue(provider, definition, parts),
    }))
    .filter(({ value }) => value !== '');
}

function placeName(
  provider: ProviderDefinition,
  definition: CredentialPlaceDefinition,
  settings: TemplateValues,
): string {
  const name = resolveText(provider, definition.name, settings);
  if (definition.in === 'query') return name;
  const header = name.toLowerCase();
  if (headerName.test(header) && !reservedHeaders.has(header)) return header;
  throw new ProviderError(
    'PROVIDER_VALUE_INVALID',
    `${provider.name} cannot carry a credential in the header of its settings; choose a header for credentials, such as authorization.`,
  );
}

function placeValue(
  provider: ProviderDefinition,
  definition: CredentialPlaceDefinition,
  { secrets, settings }: CredentialParts,
): string {
  const valueOf = (name: string) => secretValue(provider, name, { ...settings, ...secrets });
  if (definition.encode === 'basic') {
    // The first colon ends the user name for every server, so a colon inside it would move a part into the password.
    const [user = '', ...rest] = definition.value.split(':');
    const userId = fill(user, valueOf);
    if (userId.includes(':'))
      throw new ProviderError(
        'PROVIDER_VALUE_INVALID',
        `The user name for ${provider.name} cannot hold a colon.`,
      );
    const password = fill(rest.join(':'), valueOf);
    return `Basic ${Buffer.from(`${userId}:${password}`, 'utf8').toString('base64')}`;
  }
  const value = fill(definition.value, valueOf).trim();
  // Node refuses such a header with an error that shows the value.
  if (definition.in === 'header' && /[^\t\x20-\x7e\x80-\xff]/.test(value))
    throw new ProviderError(
      'PROVIDER_VALUE_INVALID',
      `A credential of ${provider.name} holds a character that no header can carry; enter it again without line ends.`,
    );
  return value;
}

function secretValue(provider: ProviderDefinition, name: string, values: TemplateValues): string {
  if (name !== 'access_token') return resolveText(provider, `{${name}}`, values);
  const token = Object.hasOwn(values, name) ? values[name] : undefined;
  if (token === undefined || token === '')
    throw new ProviderError(
      'PROVIDER_VALUE_MISSING',
      `The credential of ${provider.name} has no access_token.`,
      [name],
    );
  return token;
}
