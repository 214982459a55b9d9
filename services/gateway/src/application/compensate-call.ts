import type { CallView } from '@action-mesh/contracts/executor';
import type { CallRequest } from '@action-mesh/contracts/gateway';
import type { Principal } from '@action-mesh/identity';
import { JsonText, defined, jsonAt } from '@action-mesh/kernel';
import { derivedArguments, NotDerivableError } from '@action-mesh/tools';

import { notCompensable, notDerivable, notSucceeded } from '../domain/intervention-refusals.js';
import type { CallHistory } from './call-history.port.js';
import type { ExecuteCall, ExecuteOptions, Execution } from './execute-call.js';
import type { KnownTools } from './known-tools.js';

/**
 * Undoes a call by the compensating tool that its own tool names. The compensation is a normal call. Repeated requests
 * lead to the same compensation.
 */
export class CompensateCall {
  readonly #tools: KnownTools;
  readonly #history: CallHistory;
  readonly #executeCall: ExecuteCall;

  constructor(tools: KnownTools, history: CallHistory, executeCall: ExecuteCall) {
    this.#tools = tools;
    this.#history = history;
    this.#executeCall = executeCall;
  }

  /** Compensates a call by its id. Returns `undefined` for an unknown call. Throws `RequestRefusedError`. */
  async execute(callId: string, options: ExecuteOptions): Promise<Execution | undefined> {
    const view = await this.#history.find(options.caller, callId);
    return view === undefined ? undefined : this.undo(view, options);
  }

  /** Compensates a call from its view, without a look-up. Throws `RequestRefusedError`. */
  undo(view: CallView, options: ExecuteOptions): Promise<Execution> {
    return this.#executeCall.execute(this.#request(view, options.caller), {
      ...options,
      links: { compensates: idOf(view) },
    });
  }

  #request(view: CallView, { tools }: Principal): CallRequest {
    const { state, outcome, tool, agent, saga_id } = view;
    if (state !== 'SUCCEEDED') throw notSucceeded(state);
    const registry = this.#tools.registry();
    const { compensation } = registry.find(tool.slug, tool.version).tool;
    if (compensation === undefined) throw notCompensable(tool.slug);
    const { input } = registry.find(compensation.tool, undefined, tools).tool;
    const result = outcome === undefined ? undefined : jsonAt(outcome.text, '/result');
    const done = {
      arguments: view.arguments,
      result: result === undefined ? undefined : new JsonText(result),
    };
    const key = `compensates:${idOf(view)}`;
    return {
      user_id: view.user_id,
      ...defined({ agent, saga_id }),
      tool: { slug: compensation.tool },
      arguments: exactArguments(compensation, done, input),
      // A direct call of that tool with the same arguments, in the same run, stays another call.
      occurrence: key,
      idempotency_key: key,
    };
  }
}

/** The derived arguments, or the refusal of this API. */
function exactArguments(...source: Parameters<typeof derivedArguments>): Record<string, unknown> {
  try {
    return derivedArguments(...source);
  } catch (error) {
    throw error instanceof NotDerivableError ? notDerivable(error.problems) : error;
  }
}

/** The id of the original call. A duplicate leads to the call that it repeats. */
function idOf({ call_id, duplicate_of }: CallView): string {
  return duplicate_of ?? call_id;
}
