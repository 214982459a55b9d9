import { missingScopes, type IntegrationDirectory } from '@action-mesh/connections';
import { usableConnectionsSchema } from '@action-mesh/contracts/auth-broker';
import type { Tool } from '@action-mesh/contracts/catalog';
import type { Principal } from '@action-mesh/identity';

import { MeshUnavailableError, RequestRefusedError } from '../domain/gateway.errors.js';
import type { AuthBrokerClient } from './auth-broker-client.port.js';
import type { CallVisibility } from './call-visibility.js';
import { needsCredential } from './tool-search.js';

type UserScopes = ReadonlyMap<string, readonly string[] | undefined>;

/**
 * The tools that a user can run now.
 *
 * - CT1: a call without `connection_id` uses the default connection of its user, so only default connections count.
 */
export class ConnectedTools {
  readonly #broker: AuthBrokerClient;
  readonly #integrations: Pick<IntegrationDirectory, 'serving'>;
  readonly #visibility: Pick<CallVisibility, 'narrow'>;

  constructor(
    broker: AuthBrokerClient,
    integrations: Pick<IntegrationDirectory, 'serving'>,
    visibility: Pick<CallVisibility, 'narrow'>,
  ) {
    this.#broker = broker;
    this.#integrations = integrations;
    this.#visibility = visibility;
  }

  /**
   * A condition for tools: the user can run them, or lacks a connection or scopes. It asks the auth broker once. Throws
   * `CallRefusedError` for a user beyond the key, and `RequestRefusedError` without a user.
   */
  async filter(
    caller: Principal,
    given: string | undefined,
    isConnected: boolean,
  ): Promise<(tool: Tool) => boolean> {
    const { user_id: userId } = this.#visibility.narrow(caller, { user_id: given });
    if (userId === undefined) throw userMissing();
    const scopes = await this.#scopesOf(caller, userId);
    return (tool) => this.#canRun(caller.tenantId, tool, scopes) === isConnected;
  }

  #canRun(tenantId: string, tool: Tool, connected: UserScopes): boolean {
    const serving = this.#integrations.serving(tenantId, tool);
    if (serving === undefined) return !needsCredential(tool);
    if (!connected.has(serving.integration)) return false;
    const alternatives = tool.security.map((each) => each.flatMap(({ scopes }) => scopes));
    return missingScopes(alternatives, connected.get(serving.integration)).length === 0;
  }

  async #scopesOf(caller: Principal, userId: string): Promise<UserScopes> {
    const path = ['connections', 'usable'];
    const { status, body } = await this.#broker.ask({
      caller,
      method: 'GET',
      path,
      query: { user_id: userId },
    });
    const read = usableConnectionsSchema.safeParse(body);
    if (status !== 200 || !read.success)
      throw new MeshUnavailableError('The auth broker did not tell the connections of the user.');
    return new Map(read.data.connections.map(({ integration, scopes }) => [integration, scopes]));
  }
}

function userMissing(): RequestRefusedError {
  return new RequestRefusedError(
    'invalid_request',
    'The request asks for the connections of a user and names none.',
    'Name the user as user_id.',
    { problems: [{ pointer: '/user_id', message: 'is required and missing' }] },
  );
}
