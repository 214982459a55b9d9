import type { CallView, OutcomeOfCall } from '@action-mesh/contracts/executor';
import { systemClock } from '@action-mesh/kernel';
import {
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  type CallToolResult,
  type McpServer,
  type Result,
} from '@modelcontextprotocol/server';
import { z } from 'zod';

import type { ExecutorAdmin } from '../../../application/executor-admin.port.js';
import type { FindCall } from '../../../application/find-call.js';
import type { KnownTools } from '../../../application/known-tools.js';
import { clientOf, tasksExtension } from './mcp-client.js';
import type { McpElicitation } from './mcp-elicitation.js';
import { invalidParams } from './mcp-errors.js';
import type { McpExchange } from './mcp-exchange.js';
import { outcomeResult } from './mcp-results.js';
import { taskMembers, waitMessage } from './mcp-task-form.js';

const taskSchema = z.looseObject({ taskId: z.string().max(200) });

/** The parts that show and cancel tasks. Both have the limits of the caller's key. */
export interface McpTaskParts {
  readonly find: Pick<FindCall, 'execute'>;
  readonly admin: Pick<ExecutorAdmin, 'cancel'>;
  readonly tools: KnownTools;
  readonly elicitation: McpElicitation;
}

/**
 * The extension for long calls. A task is a call, and its id is the id of the call.
 *
 * - MT1: a task is as durable as its call. Every gateway shows and cancels it once the ledger has the call; before, only
 *   the gateway that accepted the call shows it.
 * - MT2: a caller sees and cancels only tasks whose calls it sees over HTTP. Any other task is unknown.
 * - MT3: a cancellation is acknowledged only when the ledger knows the call. Otherwise the host is told to send it again.
 */
export class McpTasks {
  readonly #parts: McpTaskParts;

  constructor(parts: McpTaskParts) {
    this.#parts = parts;
  }

  /** Serves the methods of the extension. */
  serve({ server }: McpServer, exchange: McpExchange): void {
    const params = { params: taskSchema };
    server.setRequestHandler('tasks/get', params, ({ taskId }) => this.#get(exchange, taskId));
    server.setRequestHandler('tasks/update', params, async ({ taskId }) => {
      // A user answers at the linked page, so there is nothing to take over.
      await this.#get(exchange, taskId);
      return {};
    });
    server.setRequestHandler('tasks/cancel', params, ({ taskId }) => this.#cancel(exchange, taskId));
  }

  async #get(exchange: McpExchange, taskId: string): Promise<Result> {
    refuseUnlessDeclared(exchange);
    const found = await this.#parts.find.execute(exchange.caller, taskId);
    switch (found.kind) {
      case 'unknown':
        throw unknownTask();
      case 'accepted': {
        const now = new Date(systemClock.now()).toISOString();
        return taskMembers(taskId, 'working', { createdAt: now, lastUpdatedAt: now }, undefined);
      }
      case 'recorded':
        return this.#task(exchange, found.view, found.next);
    }
  }

  #task(exchange: McpExchange, view: CallView, next: string | undefined): Result {
    const text = view.outcome?.text;
    const outcome = text === undefined ? undefined : (JSON.parse(text) as OutcomeOfCall);
    const times = { createdAt: view.received_at, lastUpdatedAt: lastChange(view) };
    const of = (
      state: Parameters<typeof taskMembers>[1],
      more: object = {},
      message = waitMessage(view.waiting ?? outcome?.waiting),
    ): Result => ({ ...taskMembers(view.call_id, state, times, message), ...more });
    if (outcome === undefined || outcome.status === 'indeterminate') return of('working');
    if (outcome.status === 'cancelled') return of('cancelled', {}, undefined);
    if (outcome.status !== 'waiting')
      return of('completed', { result: this.#result(exchange, view, text, next) }, undefined);
    const { waiting } = outcome;
    const link = waiting?.reason === 'awaiting_auth' ? waiting.connect_url : undefined;
    if (waiting === undefined || link === undefined || !clientOf(exchange, 'modern').opensLinks)
      return of('working');
    return of('input_required', { inputRequests: { mesh: this.#parts.elicitation.connect(link, waiting) } });
  }

  #result(
    exchange: McpExchange,
    { call_id: callId, tool }: CallView,
    outcome: string | undefined,
    next: string | undefined,
  ): CallToolResult {
    const { maxBytes } = exchange.toolset;
    const { slug: name, version } = tool;
    const known = this.#parts.tools.registry().findIfAny(name, version)?.tool;
    return outcomeResult(outcome, { callId, name, tool: known, maxBytes, next }, exchange.exact);
  }

  async #cancel(exchange: McpExchange, taskId: string): Promise<Result> {
    refuseUnlessDeclared(exchange);
    const found = await this.#parts.find.execute(exchange.caller, taskId);
    if (found.kind === 'unknown') throw unknownTask();
    // A call that has ended or may have been sent goes on as it is; the next look at the task shows it.
    const { kind } = await this.#parts.admin.cancel(exchange.caller, taskId, {});
    if (kind === 'unknown') throw notYetRecorded();
    return {};
  }
}

function refuseUnlessDeclared(exchange: McpExchange): void {
  if (clientOf(exchange, 'modern').followsTasks) return;
  throw new MissingRequiredClientCapabilityError({
    requiredCapabilities: { extensions: { [tasksExtension]: {} } },
  });
}

function unknownTask(): Error {
  return invalidParams({
    message: 'There is no task of this id.',
    fix: 'Use the taskId of an answer to tools/call. A task belongs to the key that made the call.',
    problems: [],
  });
}

function notYetRecorded(): Error {
  return new ProtocolError(
    ProtocolErrorCode.InternalError,
    'The call of the task was accepted and is not recorded yet, so it was not cancelled. Send tasks/cancel again in a second.',
  );
}

function lastChange({ received_at: receivedAt, ended_at: endedAt, states = [] }: CallView): string {
  return endedAt ?? states.at(-1)?.at ?? receivedAt;
}
