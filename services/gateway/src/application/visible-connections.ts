import {
  connectionPageSchema,
  connectionViewSchema,
  type ConnectionPage,
  type ConnectionQuery,
  type ConnectionView,
} from '@action-mesh/contracts/auth-broker';
import type { Principal } from '@action-mesh/identity';

import { MeshUnavailableError } from '../domain/gateway.errors.js';
import { identityNotFound, identityRefused } from '../domain/identity-refusals.js';
import type { AuthBrokerAnswer, AuthBrokerClient, AuthBrokerRequest } from './auth-broker-client.port.js';
import type { CallVisibility } from './call-visibility.js';

/**
 * The connections of a tenant, within the users of the caller.
 *
 * - VC1: a caller that is limited to users sees and changes only their connections. Any other connection answers as an
 *   unknown one does. The user of a connection never changes, so a look before a change is enough.
 */
export class VisibleConnections {
  readonly #broker: AuthBrokerClient;
  readonly #visibility: Pick<CallVisibility, 'narrow'>;

  constructor(broker: AuthBrokerClient, visibility: Pick<CallVisibility, 'narrow'>) {
    this.#broker = broker;
    this.#visibility = visibility;
  }

  /** Throws `CallRefusedError` for a user beyond the key, and the errors of `AuthBrokerClient`. */
  async list(caller: Principal, query: ConnectionQuery): Promise<ConnectionPage> {
    const narrowed = this.#visibility.narrow(caller, query);
    const answer = await this.#ask({ caller, method: 'GET', path: ['connections'], query: narrowed });
    return readAnswer(connectionPageSchema.safeParse(answer.body));
  }

  /** Throws `RequestRefusedError` for an unknown connection, and for one of a user beyond the key (VC1). */
  async find(caller: Principal, id: string): Promise<ConnectionView> {
    if (!connectionViewSchema.shape.connection_id.safeParse(id).success) throw identityNotFound('connection');
    const answer = await this.#ask({ caller, method: 'GET', path: ['connections', id] });
    const view = readAnswer(connectionViewSchema.safeParse(answer.body));
    if (caller.users?.has(view.user_id) === false) throw identityNotFound('connection');
    return view;
  }

  async makeDefault(caller: Principal, id: string): Promise<ConnectionView> {
    await this.find(caller, id);
    const answer = await this.#ask({ caller, method: 'POST', path: ['connections', id, 'default'] });
    return readAnswer(connectionViewSchema.safeParse(answer.body));
  }

  async disconnect(caller: Principal, id: string): Promise<void> {
    await this.find(caller, id);
    await this.#ask({ caller, method: 'DELETE', path: ['connections', id] });
  }

  async #ask(request: AuthBrokerRequest): Promise<AuthBrokerAnswer> {
    const answer = await this.#broker.ask(request);
    if (answer.status < 400) return answer;
    throw identityRefused(answer.status, { message: 'the auth broker refused the request' }, 'connection');
  }
}

function readAnswer<Value>(
  read: { readonly success: true; readonly data: Value } | { readonly success: false },
): Value {
  if (read.success) return read.data;
  throw new MeshUnavailableError('The auth broker answered in a form that this gateway does not know.');
}
