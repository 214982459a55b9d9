import type { ConfigProblem, Environment } from '@action-mesh/platform';

import { secretForms } from './domain/secret-forms.js';
import type { StaticCredential } from './domain/static-credential.js';

const prefix = 'CREDENTIAL_';
const variableName = /^CREDENTIAL_[A-Z][A-Z0-9_]{0,63}$/;
const headerName = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
const headerValue = /^[\x21-\x7e](?:[\x20-\x7e]{0,8190}[\x21-\x7e])?$/;
const queryName = /^[\x21-\x7e]{1,100}$/;
const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);
/** Headers that the HTTP client, tracing or the mesh sets, and cookies. */
const reserved =
  /^(?:connection|content-.*|cookie|expect|host|keep-alive|mesh-.*|proxy-.*|te|trailer|traceparent|tracestate|baggage|transfer-encoding|upgrade)$/i;

const form =
  'must be an origin and a credential: https://api.example.com bearer:TOKEN, or header:NAME:VALUE, query:NAME:VALUE, basic:USER:PASSWORD';

/**
 * Reads the variables `CREDENTIAL_<PROVIDER>`. A problem names its variable and never the value. Each value begins with
 * an origin, so a foreign provider's tool under the same slug cannot send the credential to its own host.
 */
export function readStaticCredentials(environment: Environment): {
  readonly credentials: readonly StaticCredential[];
  readonly problems: readonly ConfigProblem[];
} {
  const credentials: StaticCredential[] = [];
  const problems: ConfigProblem[] = [];
  for (const [variable, text = ''] of Object.entries(environment)) {
    if (!variable.startsWith(prefix) || text.trim() === '') continue;
    const read = readOne(variable, text.trim());
    if (typeof read === 'string') problems.push({ variable, problem: read });
    else credentials.push(read);
  }
  return { credentials, problems };
}

function readOne(variable: string, text: string): StaticCredential | string {
  if (!variableName.test(variable))
    return 'must end in the slug of a provider, in capitals: CREDENTIAL_GITHUB';
  const space = text.indexOf(' ');
  if (space < 0 || text.length > 10_000) return form;
  const origin = readOrigin(text.slice(0, space));
  if (origin === undefined)
    return 'must begin with an https origin without a path (http on this machine alone)';
  const place = readPlace(text.slice(space + 1).trim());
  if (place === undefined) return form;
  if (
    place.in === 'header'
      ? !headerName.test(place.name) || reserved.test(place.name)
      : !queryName.test(place.name)
  )
    return 'names a header or parameter that cannot carry a credential';
  if (!headerValue.test(place.value)) return 'holds characters that no header or parameter can carry';
  const provider = variable.slice(prefix.length).toLowerCase();
  return { provider, origin, variable, place, secrets: secretForms(place.value) };
}

function readOrigin(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, origin, href, username, password } = new URL(text);
  if (href.replace(/\/$/, '') !== origin || username !== '' || password !== '') return undefined;
  return protocol === 'https:' || (protocol === 'http:' && loopback.has(hostname)) ? origin : undefined;
}

function readPlace(text: string): StaticCredential['place'] | undefined {
  const colon = text.indexOf(':');
  const [kind, rest] = [text.slice(0, colon), text.slice(colon + 1)];
  if (colon < 0 || rest === '') return undefined;
  const second = rest.indexOf(':');
  switch (kind) {
    case 'bearer':
      return { in: 'header', name: 'authorization', value: `Bearer ${rest}` };
    case 'basic':
      if (second < 0) return undefined;
      return { in: 'header', name: 'authorization', value: `Basic ${Buffer.from(rest).toString('base64')}` };
    case 'header':
    case 'query':
      if (second < 1 || rest.length === second + 1) return undefined;
      return { in: kind, name: rest.slice(0, second), value: rest.slice(second + 1) };
    default:
      return undefined;
  }
}
