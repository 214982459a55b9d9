import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  inputResponse,
  ProtocolError,
  ProtocolErrorCode,
  type ClientCapabilities,
  type InputRequests,
  type McpServer,
  type RequestStateCodec,
  type ServerContext,
  type ToolCallback,
} from '@modelcontextprotocol/server';
import { z } from 'zod';

import { result, textBlock } from './fixture-content.js';
import { sampling } from './fixture-tools.js';

type State = { readonly round: number };

const ask = (message: string, member: string) =>
  inputRequired.elicit({
    message,
    requestedSchema: { type: 'object', properties: { [member]: { type: 'string' } }, required: [member] },
  });

/** The content that the user gave, if it has the asked member. */
function given(ctx: ServerContext, key: string, member: string): string | undefined {
  const content = acceptedContent(ctx.mcpReq.inputResponses, key, z.object({ [member]: z.string() }));
  return content?.[member];
}

/** The tools with which the conformance suite tries questions to the client (SEP-2322). */
export function addQuestions(mcp: McpServer, codec: RequestStateCodec<State>): void {
  const tool = (name: string, run: ToolCallback): void => {
    mcp.registerTool(`test_input_required_result_${name}`, { description: `The fixture ${name}.` }, run);
  };
  tool('elicitation', (ctx) => {
    const name = given(ctx, 'user_name', 'name');
    if (name !== undefined) return result(textBlock(`Hello, ${name}!`));
    return inputRequired({ inputRequests: { user_name: ask('What is your name?', 'name') } });
  });
  tool('sampling', (ctx) => {
    const answer = inputResponse(ctx.mcpReq.inputResponses, 'capital_question');
    if (answer.kind === 'sampling') return result(textBlock(JSON.stringify(answer.result.content)));
    return inputRequired({ inputRequests: { capital_question: sampling('What is the capital of France?') } });
  });
  tool('list_roots', (ctx) => {
    const answer = inputResponse(ctx.mcpReq.inputResponses, 'client_roots');
    if (answer.kind === 'roots') return result(textBlock(JSON.stringify(answer.roots)));
    return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
  });
  for (const name of ['request_state', 'tampered_state'])
    tool(name, async (ctx) => {
      if (ctx.mcpReq.requestState<State>() !== undefined) return result(textBlock('state-ok'));
      const confirm = inputRequired.elicit({
        message: 'Please confirm',
        requestedSchema: { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] },
      });
      return inputRequired({
        inputRequests: { confirm },
        requestState: await codec.mint({ round: 1 }, ctx),
      });
    });
  tool('multiple_inputs', async (ctx) => {
    if (ctx.mcpReq.requestState<State>() !== undefined) return result(textBlock('all answered'));
    return inputRequired({
      inputRequests: {
        user_name: ask('What is your name?', 'name'),
        greeting: sampling('Generate a greeting'),
        client_roots: inputRequired.listRoots(),
      },
      requestState: await codec.mint({ round: 1 }, ctx),
    });
  });
  tool('multi_round', async (ctx) => {
    const round = ctx.mcpReq.requestState<State>()?.round ?? 0;
    const next = async (inputRequests: InputRequests) =>
      inputRequired({ inputRequests, requestState: await codec.mint({ round: round + 1 }, ctx) });
    if (round === 0) return next({ step1: ask('Step 1: What is your name?', 'name') });
    if (round === 1) return next({ step2: ask('Step 2: What is your favorite color?', 'color') });
    return result(textBlock('done'));
  });
  tool('capabilities', (ctx) => {
    const declared = (ctx.mcpReq.envelope as Record<string, unknown>)[CLIENT_CAPABILITIES_META_KEY] as
      | ClientCapabilities
      | undefined;
    const inputRequests: InputRequests = {
      ...(declared?.elicitation === undefined ? {} : { user_name: ask('What is your name?', 'name') }),
      ...(declared?.sampling === undefined ? {} : { greeting: sampling('Generate a greeting') }),
      ...(declared?.roots === undefined ? {} : { client_roots: inputRequired.listRoots() }),
    };
    if (Object.keys(inputRequests).length > 0) return inputRequired({ inputRequests });
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'the client declares no capability');
  });
  mcp.registerPrompt(
    'test_input_required_result_prompt',
    { description: 'A prompt with a question.' },
    (ctx) => {
      const context = given(ctx, 'user_context', 'context');
      if (context === undefined)
        return inputRequired({
          inputRequests: { user_context: ask('What context should the prompt use?', 'context') },
        });
      return { messages: [{ role: 'user', content: { type: 'text', text: context } }] };
    },
  );
}
