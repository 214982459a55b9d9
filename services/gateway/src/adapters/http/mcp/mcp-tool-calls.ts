import type { ToolFilter } from '@action-mesh/admission';
import type { Tool } from '@action-mesh/contracts/catalog';
import type { OutcomeOfCall } from '@action-mesh/contracts/executor';
import { executeToolSchema, isMetaTool, type CallRequest } from '@action-mesh/contracts/gateway';
import type { JSONRPCRequest, Result, ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';

import type { ExecuteCall, Execution } from '../../../application/execute-call.js';
import type { ExecutorAdmin } from '../../../application/executor-admin.port.js';
import type { FollowCall } from '../../../application/follow-call.js';
import type { KnownTools } from '../../../application/known-tools.js';
import type { MetaTools } from '../../../application/meta-tools.js';
import { toolsetFilter } from '../../../application/toolset-catalog.js';
import { callMetaKey, readMcpCall, type McpToolCall, type RetriedCall } from '../../../domain/mcp-call.js';
import { agentOf, clientOf, type McpClient } from './mcp-client.js';
import {
  linkRequired,
  mostRounds,
  userAnswer,
  type ContinuedCall,
  type McpElicitation,
} from './mcp-elicitation.js';
import { invalidParams, readingParams, refusedCall } from './mcp-errors.js';
import type { McpExchange } from './mcp-exchange.js';
import { ProgressReports } from './mcp-progress.js';
import { outcomeResult, valueResult } from './mcp-results.js';
import { createdTask } from './mcp-task-form.js';

const paramsSchema = z.looseObject({
  name: z.string().max(200),
  arguments: z.record(z.string(), z.unknown()).optional(),
  _meta: z.record(z.string(), z.unknown()).optional(),
});

/** The parts that run a `tools/call`: the same ones as for `POST /v1/tools/{slug}/execute`. */
export interface McpToolCallParts {
  readonly execute: Pick<ExecuteCall, 'execute'>;
  readonly follow: Pick<FollowCall, 'execute'>;
  readonly metaTools: Pick<MetaTools, 'answer'>;
  readonly tools: KnownTools;
  readonly admin: Pick<ExecutorAdmin, 'cancel'>;
  readonly elicitation: McpElicitation;
  readonly onDefect: (error: unknown, trace: McpExchange['trace']) => void;
}

/** One `tools/call` under way. */
interface Running {
  readonly exchange: McpExchange;
  readonly era: 'legacy' | 'modern';
  readonly client: McpClient;
  readonly ctx: ServerContext;
  readonly call: McpToolCall;
}

/**
 * Answers `tools/call`.
 *
 * - MP1: a call takes the same way as one over HTTP, with the same checks, quotas, policies and duplicates.
 * - MP2: a host that leaves or cancels stops its wait. The call continues, and the same request again finds it.
 * - MP3: a client that repeats the request by itself, after it opened a link, has one call. The repetition follows the
 *   first call where the host's own identity binds both; else the gateway withdraws the first call before.
 */
export class McpToolCalls {
  readonly #parts: McpToolCallParts;

  constructor(parts: McpToolCallParts) {
    this.#parts = parts;
  }

  async answer(
    exchange: McpExchange,
    era: 'legacy' | 'modern',
    request: JSONRPCRequest,
    ctx: ServerContext,
  ): Promise<Result> {
    const params = paramsSchema.safeParse(request.params);
    if (!params.success) throw invalidParams(wrongParams);
    const { name, arguments: args = {}, _meta: meta = {} } = params.data;
    const running: Running = {
      exchange,
      era,
      client: clientOf(exchange, era),
      ctx,
      call: { slug: name, args, meta: meta[callMetaKey] },
    };
    const progress = new ProgressReports(ctx);
    try {
      return await this.#run(running);
    } catch (error) {
      if (error instanceof Error && error.name === 'UrlElicitationRequiredError') throw error;
      return refusedCall(error, name, (defect) => this.#parts.onDefect(defect, exchange.trace));
    } finally {
      progress.end();
    }
  }

  async #run(running: Running): Promise<Result> {
    const { exchange, client, ctx, call } = running;
    const { caller, trace, toolset, session } = exchange;
    const continued = await this.#continued(running);
    if (continued !== undefined) return this.#continue(running, continued);
    const filter = toolsetFilter(caller, toolset);
    const { slug } = call;
    if (slug === 'search_tools' || slug === 'describe_tool') {
      const { result } = await this.#parts.metaTools.answer({ tools: filter }, slug, call.args);
      return valueResult(result, slug);
    }
    const host = {
      userId: exchange.headers.userId,
      boundUserId: caller.users?.size === 1 ? [...caller.users][0] : undefined,
      agentId: exchange.headers.agentId ?? agentOf(client),
      runId: exchange.headers.runId,
    };
    const span = ctx.mcpReq._meta?.['traceparent'];
    const { request, retried } = readingParams(() =>
      readMcpCall(call, host, {
        sender: [caller.keyId, caller.issuer, caller.holder, client.name, client.version],
        instance: session?.id ?? (typeof span === 'string' ? span : undefined),
        id: ctx.mcpReq.id,
      }),
    );
    this.#refuseBeyond(filter, request);
    const { call: accepted, ...settled } = await this.#parts.execute.execute(request, {
      caller,
      trace,
      waitMs: exchange.waitMs,
      whenGone: whenAborted(ctx),
    });
    const { call_id: callId, user_id: userId, tool } = accepted;
    return this.#settled(running, { callId, userId, tool: tool.slug, rounds: 0 }, settled, retried);
  }

  /** Throws for a tool outside of the toolset. `ExecuteCall` checks the key of the caller. */
  #refuseBeyond(filter: ToolFilter, { tool: { slug, version }, arguments: args }: CallRequest): void {
    const registry = this.#parts.tools.registry();
    if (!isMetaTool(slug)) {
      registry.find(slug, version, filter);
      return;
    }
    // Wrong arguments of execute_tool have an explanation of their own.
    const inner = executeToolSchema.safeParse(args);
    if (inner.success) registry.find(inner.data.tool, inner.data.version, filter);
  }

  async #continued({ exchange, ctx, era }: Running): Promise<ContinuedCall | undefined> {
    if (era === 'legacy') return undefined;
    try {
      return await this.#parts.elicitation.continued(exchange, ctx);
    } catch {
      throw invalidParams(wrongState);
    }
  }

  async #continue(running: Running, continued: ContinuedCall): Promise<Result> {
    const { exchange, ctx } = running;
    const answer = userAnswer(ctx);
    if (answer === 'withdraw') await this.#parts.admin.cancel(exchange.caller, continued.callId, {});
    const found = await this.#parts.follow.execute(exchange.caller, continued, {
      waitMs: answer === 'stop_waiting' ? 0 : exchange.waitMs,
      whenGone: whenAborted(ctx),
    });
    if (found === undefined) throw invalidParams(wrongState);
    const rounds = answer === 'go_on' ? continued.rounds : mostRounds;
    return this.#settled(running, { ...continued, rounds }, found);
  }

  async #settled(
    { exchange, era, client, ctx, call }: Running,
    about: ContinuedCall,
    { outcome, next }: Pick<Execution, 'outcome' | 'next'>,
    retried: RetriedCall = 'unsure',
  ): Promise<Result> {
    const { elicitation } = this.#parts;
    const text = outcome === undefined ? undefined : Buffer.from(outcome.json).toString('utf8');
    const waiting = outcome?.status === 'waiting' ? waitingOf(text) : undefined;
    const link = waiting?.reason === 'awaiting_auth' ? waiting.connect_url : undefined;
    const again = { ...about, rounds: about.rounds + 1 };
    const mayAsk = about.rounds < mostRounds;
    if (waiting !== undefined && link !== undefined && client.opensLinks && mayAsk) {
      if (era === 'modern') return elicitation.ask(elicitation.connect(link, waiting), again, exchange, ctx);
      if (await this.#mayRepeat(exchange, about, retried)) throw linkRequired(link, about.callId, waiting);
    }
    if (waiting?.reason === 'awaiting_approval' && client.showsForms && mayAsk)
      return elicitation.ask(elicitation.approval(waiting), again, exchange, ctx);
    if ((outcome === undefined || waiting !== undefined) && client.followsTasks)
      return createdTask(about.callId, waiting);
    const { maxBytes } = exchange.toolset;
    const answered = { callId: about.callId, name: call.slug, tool: this.#tool(call), maxBytes, next };
    return outcomeResult(text, answered, exchange.exact);
  }

  /** Whether a repetition of the request cannot act beside its call: they are one call, or its call was withdrawn. */
  async #mayRepeat(
    { caller }: McpExchange,
    { callId }: ContinuedCall,
    retried: RetriedCall,
  ): Promise<boolean> {
    // A withdrawn call would be the answer to each later call of the same identity.
    if (retried === 'same call') return true;
    // Within its window a repetition would get the withdrawn call, and after it act beside a waiting one.
    if (retried === 'unsure') return false;
    try {
      return (await this.#parts.admin.cancel(caller, callId, {})).kind === 'done';
    } catch {
      // Without a proof that the call is withdrawn, a second one could come beside it.
      return false;
    }
  }

  #tool({ slug }: McpToolCall): Tool | undefined {
    return this.#parts.tools.registry().findIfAny(slug)?.tool;
  }
}

const wrongParams = {
  message: 'The parameters of tools/call are wrong.',
  fix: 'Give the name of a tool as "name" and an object as "arguments".',
  problems: [],
};

const wrongState = {
  message: 'The requestState is not one of this request, or it has expired.',
  fix: 'Send the request again without requestState. The call before may still run; GET /v1/calls shows it.',
  problems: [],
};

function waitingOf(outcome: string | undefined): OutcomeOfCall['waiting'] {
  return outcome === undefined ? undefined : (JSON.parse(outcome) as OutcomeOfCall).waiting;
}

function whenAborted({ mcpReq: { signal } }: ServerContext): (stopWaiting: () => void) => void {
  return (stopWaiting) => {
    if (signal.aborted) stopWaiting();
    else signal.addEventListener('abort', stopWaiting, { once: true });
  };
}
