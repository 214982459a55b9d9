import { createHmac, timingSafeEqual } from 'node:crypto';

import { integrationIdSchema, tenantIdSchema } from '@action-mesh/contracts/auth-broker';
import { nameSchema } from '@action-mesh/contracts/gateway';
import { z } from 'zod';

const dayMs = 86_400_000;
/** A link is valid for this long after the day on which it was made, in days. */
const validDays = 7;
/** The most characters of a link's token. Chat programs and servers keep addresses of this length. */
export const longestConnectLink = 1_800;

const scopesSchema = z.array(z.string().min(1).max(300)).max(200);

const wantedSchema = z.object({
  tenant_id: tenantIdSchema,
  user_id: nameSchema,
  integration: integrationIdSchema,
  /** Scopes beyond those of the integration. */
  scopes: scopesSchema.exactOptional(),
  /** The connection to repair. */
  connection_id: z.uuid().exactOptional(),
});

/** The connection that a link asks its reader to make. */
export type LinkedConnection = z.infer<typeof wantedSchema>;

const contentSchema = wantedSchema.extend({ until: z.int().min(0) });

/**
 * The token of a durable link for a waiting call. Equal requests of one day get equal tokens, so repeated answers of a
 * call name one link. It is valid for 7 to 8 days. `key` is the purpose key `connect-link`.
 */
export function signConnectLink(key: Uint8Array, wanted: LinkedConnection, nowMs: number): string {
  const until = (Math.floor(nowMs / dayMs) + validDays + 1) * dayMs;
  const { scopes, ...shorter } = wanted;
  if (scopesSchema.safeParse(scopes).success) {
    const token = signed(key, { ...wanted, until });
    if (token.length <= longestConnectLink) return token;
  }
  // The page then asks for the scopes of the integration alone.
  return signed(key, { ...shorter, until });
}

/** The content of a link. `expired` and `invalid` are final. */
export function readConnectLink(
  key: Uint8Array,
  token: string,
  nowMs: number,
): LinkedConnection | 'expired' | 'invalid' {
  const [, body, tag] = /^([A-Za-z0-9_-]{1,3000})\.([A-Za-z0-9_-]{43})$/.exec(token) ?? [];
  if (body === undefined || tag === undefined) return 'invalid';
  if (!timingSafeEqual(Buffer.from(tag, 'base64url'), tagOf(key, body))) return 'invalid';
  const read = contentSchema.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString()));
  if (!read.success) return 'invalid';
  const { until, ...wanted } = read.data;
  return until <= nowMs ? 'expired' : wanted;
}

function signed(key: Uint8Array, content: z.infer<typeof contentSchema>): string {
  const body = Buffer.from(JSON.stringify(contentSchema.parse(content))).toString('base64url');
  return `${body}.${tagOf(key, body).toString('base64url')}`;
}

function tagOf(key: Uint8Array, body: string): Buffer {
  return createHmac('sha256', key).update(body).digest();
}
