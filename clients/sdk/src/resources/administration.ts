import type { ApiAnswers, ApiBodies, ApiQueries, ApiSchemas } from '../generated/api.js';
import type { ApiClient } from '../http/api-client.js';
import type { MeshRequestOptions } from '../http/api-request.js';

/** Limits of the tenant, and the breakers of providers. */
export class LimitsApi {
  readonly #api: ApiClient;

  constructor(api: ApiClient) {
    this.#api = api;
  }

  list(options: MeshRequestOptions = {}): Promise<ApiAnswers['listLimits']> {
    return this.#api.call('listLimits', options);
  }

  /** Sets a limit. */
  put(
    id: string,
    limit: ApiBodies['putLimit'],
    options: MeshRequestOptions = {},
  ): Promise<ApiSchemas['Limit']> {
    return this.#api.call('putLimit', { ...options, path: { id }, body: limit });
  }

  async remove(id: string, options: MeshRequestOptions = {}): Promise<void> {
    await this.#api.call('removeLimit', { ...options, path: { id } });
  }

  /** The circuit breakers that are not closed. */
  breakers(options: MeshRequestOptions = {}): Promise<ApiAnswers['listBreakers']> {
    return this.#api.call('listBreakers', options);
  }
}

/** API keys and publisher tokens. Only the answers to `create` and `rotate` have a secret. */
export class KeysApi {
  readonly #api: ApiClient;

  constructor(api: ApiClient) {
    this.#api = api;
  }

  list(options: MeshRequestOptions = {}): Promise<ApiAnswers['listKeys']> {
    return this.#api.call('listKeys', options);
  }

  get(id: string, options: MeshRequestOptions = {}): Promise<ApiSchemas['Key']> {
    return this.#api.call('findKey', { ...options, path: { id } });
  }

  create(key: ApiBodies['createKey'], options: MeshRequestOptions = {}): Promise<ApiSchemas['CreatedKey']> {
    return this.#api.call('createKey', { ...options, body: key });
  }

  /** Makes a successor. The old key works until the overlap ends. */
  rotate(
    id: string,
    rotation: ApiBodies['rotateKey'],
    options: MeshRequestOptions = {},
  ): Promise<ApiSchemas['CreatedKey']> {
    return this.#api.call('rotateKey', { ...options, path: { id }, body: rotation });
  }

  async revoke(id: string, options: MeshRequestOptions = {}): Promise<void> {
    await this.#api.call('revokeKey', { ...options, path: { id } });
  }
}

/** Policies: the rules that let calls run, ask a person about them, or deny them. */
export class PoliciesApi {
  readonly #api: ApiClient;

  constructor(api: ApiClient) {
    this.#api = api;
  }

  list(options: MeshRequestOptions = {}): Promise<ApiAnswers['listPolicies']> {
    return this.#api.call('listPolicies', options);
  }

  get(id: string, options: MeshRequestOptions = {}): Promise<ApiSchemas['Policy']> {
    return this.#api.call('findPolicy', { ...options, path: { id } });
  }

  put(
    id: string,
    policy: ApiBodies['putPolicy'],
    options: MeshRequestOptions = {},
  ): Promise<ApiSchemas['Policy']> {
    return this.#api.call('putPolicy', { ...options, path: { id }, body: policy });
  }

  async remove(
    id: string,
    query: ApiQueries['removePolicy'],
    options: MeshRequestOptions = {},
  ): Promise<void> {
    await this.#api.call('removePolicy', { ...options, path: { id }, query });
  }

  /** The decision about an imagined call. */
  explain(
    question: ApiBodies['explainPolicies'],
    options: MeshRequestOptions = {},
  ): Promise<ApiSchemas['PolicyExplanation']> {
    return this.#api.call('explainPolicies', { ...options, body: question });
  }
}

/** Kill switches. */
export class SwitchesApi {
  readonly #api: ApiClient;

  constructor(api: ApiClient) {
    this.#api = api;
  }

  list(options: MeshRequestOptions = {}): Promise<ApiAnswers['listSwitches']> {
    return this.#api.call('listSwitches', options);
  }

  turnOn(
    killSwitch: ApiBodies['turnOnSwitch'],
    options: MeshRequestOptions = {},
  ): Promise<ApiSchemas['KillSwitch']> {
    return this.#api.call('turnOnSwitch', { ...options, body: killSwitch });
  }

  async lift(id: string, options: MeshRequestOptions = {}): Promise<void> {
    await this.#api.call('liftSwitch', { ...options, path: { id } });
  }
}
