import { nameSchema } from './gateway/index.js';
import { keyIdSchema, tenantIdSchema } from './auth-broker/identity.js';
import { keyScopeSchema, type KeyScope } from './auth-broker/scope.js';

/** The headers in which the gateway passes its authenticated caller to the internal API of another service. */
export const callerHeader = {
  tenant: 'x-mesh-tenant',
  holder: 'x-mesh-holder',
  scopes: 'x-mesh-scopes',
  key: 'x-mesh-key',
} as const;

/** The caller of an internal request. The gateway has authenticated it. */
export interface InternalCaller {
  readonly tenantId: string;
  readonly holder: string;
  readonly scopes: ReadonlySet<KeyScope>;
  /** The key of the caller. Absent: a token of a user proved it. */
  readonly keyId?: string | undefined;
}

/** The headers for a caller. The holder is percent-encoded, because a name may have letters that no header can carry. */
export function callerHeaders({ tenantId, holder, scopes, keyId }: InternalCaller): Record<string, string> {
  return {
    [callerHeader.tenant]: tenantId,
    [callerHeader.holder]: encodeURIComponent(holder),
    [callerHeader.scopes]: [...scopes].join(' '),
    ...(keyId === undefined ? {} : { [callerHeader.key]: keyId }),
  };
}

/** The caller of a request, or undefined without a valid tenant and holder. Unknown scopes give no right. */
export function readCallerHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): InternalCaller | undefined {
  const tenantId = tenantIdSchema.safeParse(headers[callerHeader.tenant]);
  const holder = nameSchema.safeParse(decoded(headers[callerHeader.holder]));
  if (!tenantId.success || !holder.success) return undefined;
  const words = headers[callerHeader.scopes];
  const scopes = (typeof words === 'string' ? words.split(' ') : []).flatMap(
    (word) => keyScopeSchema.safeParse(word).data ?? [],
  );
  const key = keyIdSchema.safeParse(headers[callerHeader.key]);
  return {
    tenantId: tenantId.data,
    holder: holder.data,
    scopes: new Set(scopes),
    ...(key.success ? { keyId: key.data } : {}),
  };
}

function decoded(header: string | string[] | undefined): string | undefined {
  try {
    return typeof header === 'string' ? decodeURIComponent(header) : undefined;
  } catch {
    return undefined;
  }
}
