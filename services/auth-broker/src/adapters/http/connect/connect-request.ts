import { connectPageRequestSchema, type ConnectPageRequest } from '@action-mesh/contracts/auth-broker';

import type { PublicAddress } from '../../../domain/connect-sessions/public-address.js';

/** A form that a browser sent. */
export interface ConnectForm {
  readonly step: string | undefined;
  readonly formToken: string | undefined;
  /** The entered fields, by name. */
  readonly fields: ReadonlyMap<string, string>;
}

const fieldPrefix = 'field.';

/** Reads the gateway's description of a browser's request. */
export function readConnectRequest(body: unknown): ConnectPageRequest {
  return connectPageRequestSchema.parse(body);
}

/** The value of our cookie. A browser that shows two of them shows none, since one of them may be planted. */
export function cookieIn(
  { cookies }: Pick<ConnectPageRequest, 'cookies'>,
  { cookieName }: PublicAddress,
): { readonly cookie?: string } {
  const values = cookies.filter(({ name }) => name === cookieName).map(({ value }) => value);
  const [value] = values;
  return values.length === 1 && value !== undefined ? { cookie: value } : {};
}

/** Reads a form body. A doubled name counts as absent. */
export function readConnectForm(body: string): ConnectForm {
  const single = new Map<string, string>();
  const doubled = new Set<string>();
  for (const [name, value] of new URLSearchParams(body)) {
    if (single.has(name)) doubled.add(name);
    single.set(name, value);
  }
  for (const name of doubled) single.delete(name);
  const fields = new Map<string, string>();
  for (const [name, value] of single)
    if (name.startsWith(fieldPrefix)) fields.set(name.slice(fieldPrefix.length), value);
  return { step: single.get('step'), formToken: single.get('form_token'), fields };
}
