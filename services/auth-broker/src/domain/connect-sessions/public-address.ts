/** The origin of the gateway, as browsers see it, and everything that follows from it. */
export interface PublicAddress {
  /** Without a slash at its end: `https://mesh.example.com`. */
  readonly origin: string;
  readonly cookieName: string;
  /** The attributes of the cookie behind its value. */
  readonly cookieAttributes: string;
}

/** How long a browser keeps the cookie, seconds. It outlives a session. */
const cookieSeconds = 3_600;

/** Plain http is for this machine alone: others would read the cookie on its way. */
export function publicAddress(origin: string): PublicAddress {
  const isSecure = origin.startsWith('https:');
  const attributes = `Path=/; Max-Age=${cookieSeconds}; HttpOnly; SameSite=Lax`;
  return {
    origin,
    cookieName: isSecure ? '__Host-mesh-connect' : 'mesh-connect',
    cookieAttributes: isSecure ? `${attributes}; Secure` : attributes,
  };
}

/** The only redirect address of an integration. Each integration has its own, so a mix-up shows (RFC 9700). */
export function redirectUriOf(origin: string, tenantId: string, integration: string): string {
  return `${origin}/connect/callback/${encodeURIComponent(tenantId)}/${encodeURIComponent(integration)}`;
}

/** The page of a session. */
export function sessionUrlOf(origin: string, session: string): string {
  return `${origin}/connect/${session}`;
}

/** A problem of a public address, or undefined for a good one. */
export function originProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return 'must be an origin such as https://mesh.example.com';
  const { protocol, hostname, origin } = new URL(text);
  if (origin !== text) return 'must be an origin such as https://mesh.example.com, without a path or a slash';
  if (protocol === 'https:') return undefined;
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
  return protocol === 'http:' && isLoopback
    ? undefined
    : 'must begin with https; http is for addresses of this machine alone';
}
