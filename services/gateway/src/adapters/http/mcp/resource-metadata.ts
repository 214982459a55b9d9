/** The path of the protected resource of MCP hosts. */
export const mcpPath = '/mcp';

/** The address of the metadata about a protected resource (RFC 9728, section 3.1). */
export function resourceMetadataUrl(resource: string): string {
  const { origin, pathname } = new URL(resource);
  return `${origin}/.well-known/oauth-protected-resource${pathname}`;
}

/** The metadata about a protected resource. */
export interface ResourceMetadata {
  readonly resource: string;
  readonly authorization_servers: readonly string[];
  readonly scopes_supported: readonly string[];
  readonly bearer_methods_supported: readonly ['header'];
  readonly resource_name: string;
}

/** The metadata for MCP hosts. The scopes are those that a host needs for listing, calling and following calls. */
export function resourceMetadata(
  resource: string,
  authorizationServers: readonly string[],
): ResourceMetadata {
  return {
    resource,
    authorization_servers: authorizationServers,
    scopes_supported: ['tools:read', 'calls:write', 'calls:read'],
    bearer_methods_supported: ['header'],
    resource_name: 'Action Mesh',
  };
}
