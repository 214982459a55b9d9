import { nameSchema } from './gateway/index.js';
import { tenantIdSchema } from './auth-broker/identity.js';
import { keyScopeSchema, type KeyScope } from './auth-broker/scope.js';

/** The headers in which the gateway passes its authenticated caller to the internal API of another service. */
export const callerHeader = {
  tenant: 'x-mesh-tenant',
  holder: 'x-mesh-holder',
  scopes: 'x-mesh-scopes',
} as const;

/** The caller of an internal request. The gateway has authenticated it. */
export interface InternalCaller {
  readonly tenantId: string;
  readonly holder: string;
  readonly scopes: ReadonlySet<KeyScope>;
}

/** The headers for a caller. The holder is percent-encoded, because a name may have letters that no header can carry. */
export function callerHeaders({ tenantId, holder, scopes }: InternalCaller): Record<string, string> {
  return {
    [callerHeader.tenant]: tenantId,
    [callerHeader.holder]: encodeURIComponent(holder),
    [callerHeader.scopes]: [...scopes].join(' '),
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
  return { tenantId: tenantId.data, holder: holder.data, scopes: new Set(scopes) };
}

function decoded(header: string | string[] | undefined): string | undefined {
  try {
    return typeof header === 'string' ? decodeURIComponent(header) : undefined;
  } catch {
    return undefined;
  }
}
