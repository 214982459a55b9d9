import { separatorOf, type QuirkBehaviour } from './quirk-behaviour.js';
import type { QuirkTokens } from './quirk-grants.js';

export interface QuirkReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A member of a token answer: forms hold it as text. */
type TokenMembers = Readonly<Record<string, unknown>>;

/** The answer with tokens, in the shape of the behaviour. */
export function tokenReply(
  tokens: QuirkTokens,
  behaviour: QuirkBehaviour,
  at: { readonly url: string; readonly accept: string; readonly nonce?: string },
): QuirkReply {
  const { shape = 'plain', expiresIn = 3_600, extra = {} } = behaviour;
  const own: TokenMembers = {
    access_token: tokens.accessToken,
    token_type: 'bearer',
    scope: tokens.scopes.join(separatorOf(behaviour)),
    ...(tokens.refreshToken === undefined ? {} : { refresh_token: tokens.refreshToken }),
    ...(expiresIn === null ? {} : { expires_in: expiresIn }),
    ...(behaviour.idToken === true ? { id_token: idTokenOf(tokens, at.url) } : {}),
  };
  return encoded(200, { ...shaped(shape, own, tokens, at.url), ...extra }, behaviour, at.accept);
}

function shaped(
  shape: NonNullable<QuirkBehaviour['shape']>,
  own: TokenMembers,
  { account, isRefresh }: QuirkTokens,
  url: string,
): TokenMembers {
  switch (shape) {
    case 'plain':
      return own;
    case 'github':
      return { ...own, refresh_token_expires_in: 15_897_600 };
    case 'salesforce': {
      const { expires_in: _left, ...rest } = own;
      return {
        ...rest,
        instance_url: url,
        id: `${url}/id/00Dx0000000001/${account}`,
        issued_at: String(Date.now()),
        signature: 'c2lnbmF0dXJl',
      };
    }
    case 'slack': {
      const team = { id: 'T0001', name: 'Acme' };
      // A refresh answers with the refreshed token alone.
      if (isRefresh) return { ok: true, ...own, token_type: 'user', team };
      return {
        ok: true,
        app_id: 'A0001',
        team,
        access_token: `xoxb-bot-of-${account}`,
        token_type: 'bot',
        scope: 'commands',
        authed_user: { id: account, ...own, token_type: 'user' },
      };
    }
  }
}

/** An error, in the shape of the behaviour. Its description looks like a secret, so a leak shows. */
export function errorReply(code: string, behaviour: QuirkBehaviour, accept = ''): QuirkReply {
  const { shape = 'plain' } = behaviour;
  if (shape === 'slack') return encoded(200, { ok: false, error: code }, behaviour, accept);
  const members = { error: code, error_description: 'quirk-description-sk_live_51H' };
  const failed = code === 'invalid_client' ? 401 : 400;
  return encoded(shape === 'github' ? 200 : failed, members, behaviour, accept);
}

/** A JSON answer. */
export function jsonReply(status: number, members: unknown): QuirkReply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(members) };
}

function encoded(
  status: number,
  members: TokenMembers,
  behaviour: QuirkBehaviour,
  accept: string,
): QuirkReply {
  const byDefault = behaviour.shape === 'github' && !accept.includes('json') ? 'form' : 'json';
  if ((behaviour.encoding ?? byDefault) === 'json') return jsonReply(status, members);
  const texts = Object.entries(members).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return {
    status,
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams(texts).toString(),
  };
}

/** An ID token without a valid signature: only a direct answer over a trusted connection makes it worth anything. */
function idTokenOf({ account, clientId }: QuirkTokens, url: string): string {
  const seconds = Math.floor(Date.now() / 1_000);
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return [
    part({ alg: 'RS256', typ: 'JWT' }),
    part({
      iss: url,
      aud: clientId,
      sub: account,
      email: `${account}@example.test`,
      iat: seconds,
      exp: seconds + 3_600,
    }),
    'bm8tc2lnbmF0dXJl',
  ].join('.');
}
