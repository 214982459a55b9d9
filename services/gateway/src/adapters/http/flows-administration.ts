import type { FlowsAnswer, FlowsClient, FlowsRequest } from '../../application/flows-client.port.js';
import { InternalApi, unexpected, type ServiceAddress } from './internal-api.js';

const timeoutMs = 5_000;

/** Flows and their runs, over the internal API of the service for flows. */
export class FlowsAdministration implements FlowsClient {
  readonly #api: InternalApi;

  constructor(flows: ServiceAddress) {
    this.#api = new InternalApi({
      ...flows,
      timeoutMs,
      unavailable: 'The service for flows cannot be reached now. Runs go on when it is back.',
      fix: 'Send it again later. A start with the same key is the same run.',
    });
  }

  ask(request: FlowsRequest): Promise<FlowsAnswer> {
    return this.#api.ask(request, (answer) => (answer.status < 500 ? answer : unexpected(answer)));
  }
}
