import type { IncomingMessage } from 'node:http';

import type { OAuthEndpoint } from './oauth-fault.js';

/** One request to an OAuth test server, recorded before its answer. */
export interface OAuthRequest {
  readonly endpoint: OAuthEndpoint | 'other';
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<IncomingMessage['headers']>;
  /** The parameters of the body, or of the query without one. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** One request to `/me` or `/api`. */
export interface OAuthApiCall {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body: string;
  /** The account of the access token. Absent: the token is not live, and the answer is 401. */
  readonly account?: string;
}

/** The uses of one refresh token, as the server counts them. */
export interface Redemptions {
  /** How often the token was presented. */
  readonly presented: number;
  /** How often the server issued tokens for it, also where the answer was lost. */
  readonly accepted: number;
}

/** Everything that an OAuth test server saw. */
export class OAuthRecord {
  readonly requests: OAuthRequest[] = [];
  readonly calls: OAuthApiCall[] = [];
  readonly #redemptions = new Map<string, Redemptions>();

  presented(refreshToken: string, isAccepted: boolean): void {
    const { presented, accepted } = this.redemptionsOf(refreshToken);
    this.#redemptions.set(refreshToken, {
      presented: presented + 1,
      accepted: accepted + (isAccepted ? 1 : 0),
    });
  }

  redemptionsOf(refreshToken: string): Redemptions {
    return this.#redemptions.get(refreshToken) ?? { presented: 0, accepted: 0 };
  }

  /** Each presented refresh token with its uses. */
  get redemptions(): ReadonlyMap<string, Redemptions> {
    return this.#redemptions;
  }

  requestsTo(endpoint: OAuthEndpoint): readonly OAuthRequest[] {
    return this.requests.filter((request) => request.endpoint === endpoint);
  }
}

/** The bearer token of a request, from its header. */
export function bearerOf(headers: Readonly<IncomingMessage['headers']>): string | undefined {
  return /^(?:bearer|token) (.+)$/i.exec(headers.authorization ?? '')?.[1];
}

/** Reads a whole body. */
export async function bodyOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** The parameters of a form or of a flat JSON object. */
export function parametersOf(body: string, contentType = ''): Readonly<Record<string, string>> {
  if (!contentType.includes('json')) return Object.fromEntries(new URLSearchParams(body));
  const parsed: unknown = body === '' ? {} : JSON.parse(body);
  return Object.fromEntries(
    Object.entries(parsed as Record<string, unknown>).map(([name, value]) => [name, String(value)]),
  );
}
