import { newId } from '@action-mesh/kernel';

/** What a client of a revision before 2026-07-28 says once, in `initialize`. */
export interface McpSession {
  /** The name of the client, or an empty text. */
  readonly client: string;
  /** The client opens links for its user when the server asks (elicitation in URL mode). */
  readonly opensLinks: boolean;
  /** Differs for each `initialize`. */
  readonly id: string;
}

/** The header in which such a client repeats the text that the gateway gave to its `initialize`. */
export const sessionHeader = 'mcp-session-id';

const longestClient = 100;
const form = /^([ul])\.([A-Za-z0-9_-]{0,540})\.([0-9a-f-]{36})$/;

/**
 * Writes the session of a client. The gateway keeps nothing of it, so every gateway reads it, also after a restart. The text is
 * no secret and proves nothing: each request shows its key.
 */
export function writeSession(initialize: Readonly<Record<string, unknown>>): string {
  const { capabilities, clientInfo } = initialize as {
    readonly capabilities?: { readonly elicitation?: { readonly url?: unknown } };
    readonly clientInfo?: { readonly name?: unknown };
  };
  const opensLinks = typeof capabilities?.elicitation?.url === 'object';
  const name = clientInfo?.name;
  const client = typeof name === 'string' ? name.slice(0, longestClient) : '';
  return `${opensLinks ? 'u' : 'l'}.${Buffer.from(client).toString('base64url')}.${newId()}`;
}

/** Reads the session of a client. Undefined: the gateway did not write the text. */
export function readSession(text: string | undefined): McpSession | undefined {
  const [, kind, client = '', id = ''] = form.exec(text ?? '') ?? [];
  if (kind === undefined) return undefined;
  return { client: Buffer.from(client, 'base64url').toString('utf8'), opensLinks: kind === 'u', id };
}
