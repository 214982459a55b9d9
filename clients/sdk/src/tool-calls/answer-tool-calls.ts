import { withCallIdInErrors } from '../error-call-id.js';
import { toolCallBody, type CallOptions, type ResultOptions } from '../call-options.js';
import { withHooks, type CallHooks } from '../call-hooks.js';
import type { ApiClient, ReadAnswer } from '../http/api-client.js';
import type { MeshRequestOptions } from '../http/api-request.js';
import { parseExactJson } from '../http/exact-json.js';
import {
  AuthenticationError,
  InvalidRequestError,
  MeshClientError,
  MeshConfigurationError,
  NotFoundError,
  PermissionError,
} from '../mesh.errors.js';
import { CallsApi, leastWaitMs, mostWaitMs, preference } from '../resources/calls.js';
import type { AcceptedOutcome } from '../outcome.js';
import { errorAnswer } from './error-answer.js';
import {
  readToolCalls,
  type ModelResponse,
  type ModelToolCall,
  type ToolMessages,
  type VendorForm,
} from './model-responses.js';

/** Options of `tools.handleToolCalls`. */
export interface HandleOptions
  extends Omit<CallOptions, 'idempotencyKey'>,
    ResultOptions,
    MeshRequestOptions {
  /**
   * How long to wait for each outcome, milliseconds. A wait of more than 30 seconds takes several requests. Afterwards the
   * answer tells the model that the call runs on.
   *
   * @default 30_000
   */
  readonly waitMs?: number | undefined;
}

/** Runs the tool calls of a response in parallel, and makes the messages to send back. */
export async function answerToolCalls<Response extends ModelResponse>(
  api: ApiClient,
  hooks: CallHooks,
  response: Response,
  options: HandleOptions,
): Promise<ToolMessages<Response>[]> {
  const read = readToolCalls(response);
  if (read === undefined) {
    throw new InvalidRequestError(
      'response_unknown',
      'The object is no response of OpenAI, Anthropic or Gemini: it has no choices, output, content or candidates.',
      { fixes: ['Pass the whole response of the model, not a part of it.'] },
    );
  }
  const { form, calls } = read;
  const answers = await Promise.all(calls.map((call) => answerToolCall(api, hooks, form, call, options)));
  return messagesOf(form, answers) as ToolMessages<Response>[];
}

/** Runs one tool call of a model, and gives its answer in the vendor's form. A fault of the call is its answer. */
export async function answerToolCall(
  api: ApiClient,
  hooks: CallHooks,
  form: VendorForm,
  call: ModelToolCall,
  options: HandleOptions,
): Promise<unknown> {
  const identity = identityOf(call, options);
  try {
    return await withHooks(hooks, { slug: call.name, arguments: call.arguments, identity }, (args) =>
      send(api, form, { ...call, arguments: args }, identity, options),
    );
  } catch (error) {
    // The model cannot mend these. Anything but a MeshClientError is the caller's own: a hook's, or the signal's.
    const isOurs = error instanceof MeshClientError && !(error instanceof MeshConfigurationError);
    if (!isOurs || error instanceof AuthenticationError || error instanceof PermissionError) throw error;
    return errorAnswer(form, call, error, isOneCall(options));
  }
}

async function send(
  api: ApiClient,
  form: VendorForm,
  { name, arguments: args, id }: ModelToolCall,
  identity: CallOptions,
  { waitMs = 30_000, fields, maxBytes, signal, timeoutMs, traceparent, tracestate }: HandleOptions,
): Promise<unknown> {
  const endsAtMs = performance.now() + waitMs;
  const query = { form, tool_call_id: id, fields, max_bytes: maxBytes };
  const body = toolCallBody(args, identity);
  const { call_id: callId = '' } = body;
  const request = {
    signal,
    traceparent,
    tracestate,
    timeoutMs: (timeoutMs ?? api.timeoutMs) + Math.min(waitMs, mostWaitMs),
    path: { slug: name },
    query,
    headers: preference(waitMs),
    body,
    isRepeatable: true,
  };
  const first = await withCallIdInErrors(callId, 'submission', () =>
    api.readModelAnswer('executeTool', request),
  );
  const isUnknown = first.status === callRunsOn && endsAtMs - performance.now() >= leastWaitMs;
  const answer = isUnknown
    ? await withCallIdInErrors(callId, 'after acceptance', () =>
        answerLater(api, callId, endsAtMs, { query, signal, timeoutMs }),
      )
    : undefined;
  return parseExactJson((answer ?? first).text);
}

/** The status of an answer to a call that has not ended. */
const callRunsOn = 202;

/** Waits for the rest of the time. Undefined: the first answer is still right, or says for whom the call waits. */
async function answerLater(
  api: ApiClient,
  callId: string,
  endsAtMs: number,
  { query, ...options }: MeshRequestOptions & { readonly query: object },
): Promise<ReadAnswer | undefined> {
  const calls = new CallsApi(api);
  const call = await calls.get(callId, options).catch(unlessUnknown);
  if (call !== undefined && 'outcome' in call && call.outcome.status === 'waiting') return undefined;
  const accepted = { call_id: callId, status: 'accepted' } as AcceptedOutcome;
  if ((await calls.waitOn(accepted, endsAtMs, options)).status === 'accepted') return undefined;
  return api.readModelAnswer('findCall', { ...options, path: { id: callId }, query: { ...query } });
}

/** Undefined for a call that the ledger has not recorded yet. */
function unlessUnknown(error: unknown): undefined {
  if (!(error instanceof NotFoundError)) throw error;
}

/** Without a run or a scope, the model's id of the call is the key: a response that is handled twice acts once. */
function identityOf({ key }: ModelToolCall, options: HandleOptions): CallOptions {
  const isScoped = (options.runId ?? options.sessionId ?? options.scope) !== undefined;
  return isScoped ? options : { ...options, idempotencyKey: key };
}

/**
 * True when a later call with equal arguments is surely the same call. The model's id of a call does not do that, since a
 * model gives a repetition a new id. A window does not either, since it may end before the repetition.
 */
function isOneCall({ runId, sessionId, scope }: CallOptions): boolean {
  if (scope !== undefined) return !scope.startsWith('window:');
  return (runId ?? sessionId) !== undefined;
}

function messagesOf(form: VendorForm, answers: readonly unknown[]): readonly unknown[] {
  if (answers.length === 0) return [];
  if (form === 'anthropic') return [{ role: 'user', content: answers }];
  if (form === 'gemini') return [{ role: 'user', parts: answers }];
  return answers;
}
