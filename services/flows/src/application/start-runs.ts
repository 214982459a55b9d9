import { createHash } from 'node:crypto';

import type { FlowDefinition } from '@action-mesh/flow-api';
import type { FiredTrigger } from '@action-mesh/contracts/gateway';
import { errorMessage, type JsonValue } from '@action-mesh/kernel';

import { InvalidFlowRequestError, UnknownRunError } from '../domain/flows.errors.js';
import { runIdOf } from '../domain/run-id.js';
import type { DeployedFlow, FlowBundles, FlowSettings } from './flow-bundles.port.js';
import type { NewRun, RunStore } from './run-store.port.js';

/** A key is data of a sender. One that is long, or that PostgreSQL cannot store, is replaced by its digest. */
const storableKey = /^[^\p{Cc}\p{Surrogate}]{1,300}$/u;
const userForm = /^[^\p{Cc}\p{Surrogate}]{1,200}$/u;

/** The event that starts a run. */
interface Start {
  readonly source: string;
  readonly key: string;
  readonly input: JsonValue;
  readonly traceparent?: string | undefined;
  readonly parent?: NewRun['parent'];
}

/** A run that was started, or was known. */
export interface StartedRun {
  readonly id: string;
  readonly flow: string;
  readonly version: number;
  readonly isNew: boolean;
}

/**
 * Starts runs.
 *
 * - FR1: the same event starts one run of a flow, however often it is delivered, and whatever version is deployed.
 */
export class StartRuns {
  readonly #flows: FlowBundles;
  readonly #store: Pick<RunStore, 'create' | 'has'>;
  readonly #onNew: () => void;

  constructor(flows: FlowBundles, store: Pick<RunStore, 'create' | 'has'>, onNew: () => void) {
    this.#flows = flows;
    this.#store = store;
    this.#onNew = onNew;
  }

  /** Starts a run of each flow of the tenant that waits for this event. Returns the reasons of flows that refused it. */
  async fired(event: FiredTrigger, traceparent: string | undefined): Promise<readonly string[]> {
    const refusals: string[] = [];
    for (const deployed of this.#flows.current) {
      const { on } = deployed.flow;
      if (deployed.tenantId !== event.tenant_id || on.kind !== 'webhook' || on.name !== event.trigger)
        continue;
      try {
        const input = parsed(on.schema, event.payload);
        const key = on.key === undefined ? event.delivery_id : keyFrom(on.key, input);
        await this.#start(deployed, { source: `webhook/${on.name}`, key, input, traceparent });
      } catch (error) {
        if (!(error instanceof InvalidFlowRequestError)) throw error;
        refusals.push(`${deployed.flow.id}: ${error.message}`);
      }
    }
    return refusals;
  }

  /** Starts a run by hand. Equal keys are the same run. Throws `UnknownRunError` and `InvalidFlowRequestError`. */
  async byHand(
    tenantId: string,
    flow: string,
    { key, input }: { key: string; input: JsonValue },
  ): Promise<StartedRun> {
    const deployed = this.#flows.find(tenantId, flow);
    if (deployed === undefined) throw unknownFlow(flow);
    const { on } = deployed.flow;
    const given = on.kind === 'webhook' || on.kind === 'manual' ? parsed(on.schema, input) : input;
    return this.#start(deployed, { source: 'manual', key, input: given });
  }

  /** Starts the run of a planned time. */
  planned(deployed: DeployedFlow, plannedAtMs: number): Promise<StartedRun> {
    const plannedAt = new Date(plannedAtMs).toISOString();
    return this.#start(deployed, { source: 'schedule', key: plannedAt, input: { planned_at: plannedAt } });
  }

  /** Starts the child of a run, once. Throws `UnknownRunError` when the flow or its version is not deployed. */
  async child(
    parent: {
      readonly tenantId: string;
      readonly runId: string;
      readonly path: string;
      readonly traceparent?: string | undefined;
    },
    child: { readonly flow: string; readonly version: number; readonly input: JsonValue },
  ): Promise<StartedRun> {
    const { tenantId, runId, path } = parent;
    const [source, key] = ['flow', `${runId}/${path}`];
    const id = runIdOf({ tenantId, flow: child.flow, source, key });
    // A known child goes on with its own version, whatever is deployed now.
    if (await this.#store.has(tenantId, id))
      return { id, flow: child.flow, version: child.version, isNew: false };
    const deployed = this.#flows.find(tenantId, child.flow);
    if (deployed?.flow.version !== child.version)
      throw unknownFlow(`${child.flow}, version ${child.version},`);
    return this.#start(deployed, {
      source,
      key,
      input: child.input,
      traceparent: parent.traceparent,
      parent: { runId, path },
    });
  }

  async #start({ tenantId, flow, digest, config }: DeployedFlow, start: Start): Promise<StartedRun> {
    const { source, input, traceparent, parent } = start;
    // A key is data of a sender, and may be long.
    const key = storableKey.test(start.key) ? start.key : digestOf(start.key);
    const id = runIdOf({ tenantId, flow: flow.id, source, key });
    const isNew = await this.#store.create({
      tenantId,
      id,
      flow: flow.id,
      version: flow.version,
      digest,
      userId: userOf(flow, input, config),
      source,
      key,
      input,
      ...(traceparent === undefined ? {} : { traceparent }),
      ...(parent === undefined ? {} : { parent }),
    });
    if (isNew) this.#onNew();
    return { id, flow: flow.id, version: flow.version, isNew };
  }
}

function parsed(schema: { parse(input: unknown): unknown } | undefined, input: JsonValue): JsonValue {
  if (schema === undefined) return input;
  try {
    return schema.parse(input) as JsonValue;
  } catch (error) {
    throw new InvalidFlowRequestError(
      `the input does not fit the schema of the flow: ${errorMessage(error).slice(0, 500)}`,
    );
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The key of an event, from code of the flow that may return anything. */
function keyFrom(keyOf: (input: never) => unknown, input: JsonValue): string {
  let key: unknown;
  try {
    key = keyOf(input as never);
  } catch (error) {
    throw new InvalidFlowRequestError(
      `the flow finds no key in the input: ${errorMessage(error).slice(0, 200)}`,
    );
  }
  if (typeof key === 'number' || (typeof key === 'string' && key !== '')) return String(key);
  throw new InvalidFlowRequestError(
    'the flow finds no key in the input; the option "key" of its trigger must give a text or a number',
  );
}

function userOf({ user }: FlowDefinition, input: JsonValue, config: FlowSettings): string {
  let found: unknown;
  try {
    found = typeof user === 'string' ? user : user(input, config);
  } catch (error) {
    throw new InvalidFlowRequestError(
      `the flow finds no user in the input: ${errorMessage(error).slice(0, 200)}`,
    );
  }
  if (typeof found === 'string' && userForm.test(found)) return found;
  throw new InvalidFlowRequestError(
    'the flow finds no user in the input; its option "user" must give a user id',
  );
}

function unknownFlow(flow: string): UnknownRunError {
  return new UnknownRunError(`the flow ${flow} is not deployed for this tenant`);
}
