import { hostOf, isCovered, type LeasedCredential } from '@action-mesh/connections';

import type { ProviderRequest } from '../../application/tools.port.js';
import type { AttemptEvidence } from '../../domain/attempt-evidence.js';
import { connectionBase } from '../../domain/connection-address.js';
import { secretForms } from '../../domain/secret-forms.js';
import { withPlace } from './attached-credential.js';

/** A request with its credential, or the reason why it must not leave. */
export type Attachment =
  | { readonly request: ProviderRequest; readonly secrets: readonly string[] }
  | { readonly refusal: Extract<AttemptEvidence, { kind: 'not_sent' }> };

/** Adds a credential to a request. The digest of the request exists already. */
export interface AttachCredential {
  attach(request: ProviderRequest, credential: LeasedCredential): Attachment;
}

/**
 * Puts a credential into the headers and parameters that it names.
 *
 * - AC1: a credential goes only to the hosts that it names. The final address decides, with the account's own base.
 * - AC2: it takes the place of an argument in the same header or parameter.
 */
export class AttachPlaces implements AttachCredential {
  readonly #secrets = new WeakMap<LeasedCredential, readonly string[]>();

  attach(request: ProviderRequest, credential: LeasedCredential): Attachment {
    const url = withBase(request.url, credential.base);
    if (url === undefined) return { refusal: noBase };
    const host = hostOf(url);
    if (host === undefined || !isCovered(host, credential.hosts)) return { refusal: foreignHost(host) };
    let attached: ProviderRequest = { ...request, url };
    for (const place of credential.places) attached = withPlace(attached, place);
    return { request: attached, secrets: this.#secretsOf(credential) };
  }

  #secretsOf(credential: LeasedCredential): readonly string[] {
    const known = this.#secrets.get(credential);
    if (known !== undefined) return known;
    const forms = credential.places.flatMap(({ value }) => secretForms(value));
    // Bodies are searched byte by byte.
    const all = [...new Set(forms.flatMap((form) => [form, Buffer.from(form).toString('latin1')]))];
    const secrets = all.sort((a, b) => b.length - a.length);
    this.#secrets.set(credential, secrets);
    return secrets;
  }
}

/** The address with the base of the account. Undefined: the account has none, and the request has no other. */
function withBase(url: string, base: LeasedCredential['base']): string | undefined {
  if (url.startsWith(`${connectionBase}/`))
    return base === undefined ? undefined : joined(base.to, url.slice(connectionBase.length));
  if (base === undefined || !url.startsWith(base.from)) return url;
  const rest = url.slice(base.from.length);
  // The beginning of a longer host or segment is another address.
  return base.from.endsWith('/') || rest === '' || /^[/?#]/.test(rest) ? joined(base.to, rest) : url;
}

function joined(base: string, rest: string): string {
  if (rest === '' || /^[?#]/.test(rest)) return base + rest;
  return `${base.replace(/\/$/, '')}/${rest.replace(/^\//, '')}`;
}

const noBase: Extract<Attachment, { refusal: unknown }>['refusal'] = {
  kind: 'not_sent',
  code: 'integration_without_base_url',
  retryable: false,
  message: 'neither the integration nor the connection has a base URL',
  fix: 'Give the integration a base_url: PUT /v1/integrations/:integration.',
};

function foreignHost(host: string | undefined): Extract<Attachment, { refusal: unknown }>['refusal'] {
  return {
    kind: 'not_sent',
    code: 'credential_host_not_allowed',
    retryable: false,
    message: `the credential of the connection must not go to ${host ?? 'this address'}, so nothing was sent`,
    fix: 'If the host belongs to the provider, add it to the hosts of the integration.',
  };
}
