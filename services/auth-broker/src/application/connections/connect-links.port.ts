/** The connection that a user should make or repair. */
export interface WantedConnection {
  readonly tenantId: string;
  readonly userId: string;
  readonly integration: string;
  /** Scopes beyond those of the integration. */
  readonly scopes?: readonly string[];
  /** The connection to repair. */
  readonly connectionId?: string;
}

/** Links for people with calls that wait for a connection. A link is valid for days, as long as it is needed. */
export interface ConnectLinks {
  urlOf(wanted: WantedConnection): string;
}

export const ConnectLinks = Symbol('ConnectLinks');
