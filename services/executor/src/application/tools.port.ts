import type { Tool } from '@action-mesh/contracts/catalog';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';

/** A request for the provider, before trace and provider key are added. */
export interface ProviderRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface PreparedTool {
  readonly tool: Tool;
  /** `METHOD host/path-template`: the endpoint that a breaker watches. */
  readonly endpoint: string;
  /**
   * Whether a static credential goes with its requests. The provider then sees one client for all users. @default false
   */
  readonly hasStaticCredential?: boolean;
  /** The integration that the call itself names. @default the one that serves the tool */
  readonly integration?: string;
  /** Throws a `MeshError` when the arguments make no request. */
  readonly buildRequest: (args: Readonly<Record<string, unknown>>) => ProviderRequest;
}

/** The published tools, in memory. */
export interface Tools {
  /** The tool of a call, in its version. */
  of(call: Pick<AcceptedCall, 'tenant_id' | 'tool' | 'arguments'>): PreparedTool | undefined;
  /** The version of this tool for a caller that pins none. */
  stable(slug: string): PreparedTool | undefined;
}

export const Tools = Symbol('Tools');
