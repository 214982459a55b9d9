import { resolveOptions, type ActionMeshOptions } from './config.js';
import type { ApiAnswers } from './generated/api.js';
import { ApiClient } from './http/api-client.js';
import type { OperationInput, ApiOperation, MeshRequestOptions } from './http/api-request.js';
import { KeysApi, LimitsApi, PoliciesApi, SwitchesApi } from './resources/administration.js';
import { ApprovalsApi } from './resources/approvals.js';
import { CallsApi } from './resources/calls.js';
import { ConnectionsApi } from './resources/connections.js';
import { DeadLettersApi } from './resources/dead-letters.js';
import { OutcomesApi } from './resources/outcomes.js';
import { ToolsApi } from './resources/tools.js';
import { FlowsApi } from './resources/flows.js';
import { TriggersApi } from './resources/triggers.js';
import { verifyWebhook } from './webhooks/verify-webhook.js';

/**
 * A client of one mesh. It holds no connection, so it needs no end.
 *
 * Names of options are in camel case. Answers of the mesh and documents that it stores, such as limits and policies,
 * keep their names on the wire: the same as in its documentation, its logs and its webhooks.
 */
export class ActionMesh {
  readonly tools: ToolsApi;
  readonly calls: CallsApi;
  readonly outcomes: OutcomesApi;
  readonly connections: ConnectionsApi;
  readonly approvals: ApprovalsApi;
  readonly deadLetters: DeadLettersApi;
  readonly triggers: TriggersApi;
  readonly flows: FlowsApi;
  readonly limits: LimitsApi;
  readonly keys: KeysApi;
  readonly policies: PoliciesApi;
  readonly switches: SwitchesApi;
  readonly webhooks = { verify: verifyWebhook } as const;
  readonly #api: ApiClient;

  /** Throws `MeshConfigurationError` without a key. */
  constructor(options: ActionMeshOptions = {}) {
    const resolved = resolveOptions(options);
    const api = new ApiClient(resolved);
    this.#api = api;
    this.calls = new CallsApi(api);
    this.tools = new ToolsApi(api, this.calls, resolved.hooks);
    this.outcomes = new OutcomesApi(api);
    this.connections = new ConnectionsApi(api);
    this.approvals = new ApprovalsApi(api);
    this.deadLetters = new DeadLettersApi(api);
    this.triggers = new TriggersApi(api);
    this.flows = new FlowsApi(api);
    this.limits = new LimitsApi(api);
    this.keys = new KeysApi(api);
    this.policies = new PoliciesApi(api);
    this.switches = new SwitchesApi(api);
  }

  /** The caller: its tenant, scopes, users, tools and quotas. */
  me(options: MeshRequestOptions = {}): Promise<ApiAnswers['whoAmI']> {
    return this.#api.call('whoAmI', options);
  }

  /** Any operation of the gateway by its name in the OpenAPI document, for example one without a method here. */
  request<O extends ApiOperation>(operation: O, input: OperationInput<O>): Promise<ApiAnswers[O]> {
    return this.#api.call(operation, input);
  }
}
