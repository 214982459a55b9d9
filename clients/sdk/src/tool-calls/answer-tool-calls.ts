import { toolCallBody, type CallOptions, type ResultOptions } from '../call-options.js';
import { withHooks, type CallHooks } from '../call-hooks.js';
import type { ApiClient } from '../http/api-client.js';
import type { MeshRequestOptions } from '../http/api-request.js';
import { parseExactJson } from '../http/exact-json.js';
import {
  AuthenticationError,
  InvalidRequestError,
  MeshClientError,
  MeshConfigurationError,
  PermissionError,
} from '../mesh.errors.js';
import { preference } from '../resources/calls.js';
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
   * How long to wait for each outcome, milliseconds. Afterwards the answer tells the model that the call runs on.
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
    return errorAnswer(form, call, error);
  }
}

async function send(
  api: ApiClient,
  form: VendorForm,
  { name, arguments: args, id }: ModelToolCall,
  identity: CallOptions,
  { waitMs = 30_000, fields, maxBytes, signal, timeoutMs, traceparent, tracestate }: HandleOptions,
): Promise<unknown> {
  const request = {
    signal,
    traceparent,
    tracestate,
    timeoutMs: (timeoutMs ?? api.timeoutMs) + waitMs,
    path: { slug: name },
    query: { form, tool_call_id: id, fields, max_bytes: maxBytes },
    headers: preference(waitMs),
    body: toolCallBody(args, identity),
    isRepeatable: true,
  };
  return parseExactJson(await api.readModelAnswer('executeTool', request));
}

/** Without a run or a scope, the model's id of the call is the key: a response that is handled twice acts once. */
function identityOf({ key }: ModelToolCall, options: HandleOptions): CallOptions {
  const isScoped =
    options.runId !== undefined || options.sessionId !== undefined || options.scope !== undefined;
  return isScoped ? options : { ...options, idempotencyKey: key };
}

function messagesOf(form: VendorForm, answers: readonly unknown[]): readonly unknown[] {
  if (answers.length === 0) return [];
  if (form === 'anthropic') return [{ role: 'user', content: answers }];
  if (form === 'gemini') return [{ role: 'user', parts: answers }];
  return answers;
}
