import { acceptCall, CallRefusedError, type ToolRegistry } from '@action-mesh/admission';
import type { Tool } from '@action-mesh/contracts/catalog';
import { callRequestSchema, type AcceptedCall } from '@action-mesh/contracts/gateway';
import { defined, IJsonError, JsonText, newId, type Clock } from '@action-mesh/kernel';

import type { ClaimedRun, RecordedStep } from '../domain/flow-run.js';
import { StepRefusedError, UnknownRunError } from '../domain/flows.errors.js';
import { stepKey } from '../domain/step-path.js';
import { derivedArguments, NotDerivableError } from '@action-mesh/tools';
import type { StepCallLog } from './call-log.port.js';
import type { UndoCall, SessionHost, StepCall } from './session-host.port.js';
import type { StartRuns } from './start-runs.js';
import type { MeshSide } from './work-on-runs.js';

interface MeshHostParts {
  readonly tools: Pick<ToolRegistry, 'find'>;
  readonly calls: StepCallLog;
  readonly start: Pick<StartRuns, 'child'>;
  readonly clock: Clock;
}

/**
 * The world of a run: its calls are calls of the mesh like any other.
 *
 * - FH1: the idempotency key of a call is its run and its step, so the ledger knows the call in every execution, whenever it
 *   comes, and refuses other content under it.
 */
export class MeshHost implements MeshSide {
  readonly #parts: MeshHostParts;

  constructor(parts: MeshHostParts) {
    this.#parts = parts;
  }

  nowMs(): number {
    return this.#parts.clock.now();
  }

  newId(): string {
    return newId();
  }

  async submit(run: ClaimedRun, call: StepCall, onId: (callId: string) => void): Promise<string> {
    const accepted = this.#accept(run, call);
    onId(accepted.call_id);
    await this.#parts.calls.accepted(accepted, run.traceparent);
    return accepted.call_id;
  }

  async startChild(run: ClaimedRun, child: Parameters<SessionHost['startChild']>[1]): Promise<string> {
    const { tenantId, id: runId, traceparent } = run;
    try {
      const { id } = await this.#parts.start.child({ tenantId, runId, path: child.path, traceparent }, child);
      return id;
    } catch (error) {
      if (error instanceof UnknownRunError)
        throw new StepRefusedError(`the step ${child.path}: ${error.message}`);
      throw error;
    }
  }

  compensation(_tenantId: string, step: RecordedStep): UndoCall {
    const { tool: slug, version, arguments: args } = JSON.parse(step.about) as StepCall;
    const compensation = this.#tool(slug, version)?.compensation;
    if (compensation === undefined) return { missing: `the tool ${slug} declares no compensation` };
    const undoing = this.#tool(compensation.tool);
    if (undoing === undefined) return { missing: `the tool ${compensation.tool} is not in the catalog` };
    const { input } = undoing;
    const text = step.answer?.ok === true ? step.answer.text : undefined;
    const done = { arguments: args, result: text === undefined ? undefined : new JsonText(text) };
    try {
      return { tool: compensation.tool, arguments: derivedArguments(compensation, done, input) as never };
    } catch (error) {
      if (error instanceof NotDerivableError) return { missing: error.message };
      throw error;
    }
  }

  #tool(slug: string, version?: string): Tool | undefined {
    try {
      return this.#parts.tools.find(slug, version).tool;
    } catch (error) {
      if (error instanceof CallRefusedError) return undefined;
      throw error;
    }
  }

  #accept(run: ClaimedRun, call: StepCall): AcceptedCall {
    const { path, ordinal, tool, version, connection, deadlineMs, compensates } = call;
    const nowMs = this.nowMs();
    const request = callRequestSchema.safeParse({
      user_id: run.userId,
      agent: {
        id: `flow/${run.flow}`,
        run_id: run.id,
        step: ordinal,
        thought: `step ${path} of the flow ${run.flow}, version ${run.version}`,
      },
      tool: { slug: tool, ...defined({ version }) },
      arguments: call.arguments,
      scope: 'run',
      occurrence: path,
      idempotency_key: stepKey(run.id, path),
      saga_id: run.id,
      ...defined({
        connection_id: connection,
        deadline: deadlineMs === undefined ? undefined : new Date(nowMs + deadlineMs).toISOString(),
      }),
    });
    if (!request.success) {
      const [issue] = request.error.issues;
      throw new StepRefusedError(
        `the step ${path}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is not right'}`,
      );
    }
    try {
      const accepted = acceptCall(request.data, {
        caller: { tenantId: run.tenantId },
        tools: this.#parts.tools,
        nowMs,
        newId,
        isStep: true,
      });
      return { ...accepted, ...defined({ compensates }) };
    } catch (error) {
      if (error instanceof IJsonError) throw new StepRefusedError(`the step ${path}: ${error.message}`);
      if (!(error instanceof CallRefusedError)) throw error;
      const [problem] = error.problems;
      const place = problem === undefined ? '' : ` ${problem.pointer} ${problem.message}.`;
      throw new StepRefusedError(`the step ${path}: ${error.message}${place} ${error.fix}`);
    }
  }
}
