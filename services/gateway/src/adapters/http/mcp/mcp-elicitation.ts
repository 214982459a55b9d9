import { createHash, createHmac } from 'node:crypto';

import { canonicalize } from '@action-mesh/kernel';
import type { OutcomeOfCall } from '@action-mesh/contracts/executor';
import {
  createRequestStateCodec,
  inputRequired,
  inputResponse,
  UrlElicitationRequiredError,
  type InputRequest,
  type InputRequiredResult,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';

import type { McpExchange } from './mcp-exchange.js';

type Waiting = NonNullable<OutcomeOfCall['waiting']>;

/** The call that a host continues: it sends the state back with what its user answered. */
const continuedSchema = z.strictObject({
  callId: z.string(),
  userId: z.string(),
  /** The slug of the tool. */
  tool: z.string(),
  /** The number of rounds so far. */
  rounds: z.int(),
});
export type ContinuedCall = z.infer<typeof continuedSchema>;

/** The answer of a user to the question of a round. */
export type UserAnswer = 'go_on' | 'withdraw' | 'stop_waiting';

/** The time in which a user answers, seconds. Afterwards the call is still there, and the host has to call again. */
const stateTtlS = 900;
/** The most rounds of one request. A call that still waits is then answered as such. */
export const mostRounds = 8;

const question = 'mesh';

/**
 * What a host asks its user while a call waits. The gateway keeps no state of it: the host carries the state, and the
 * gateway proves by HMAC that it wrote it.
 *
 * - MQ1: a state continues only the same call: of the same caller, with the same method, tool and arguments, for a
 *   quarter of an hour. Nobody can make or change one.
 * - MQ2: a state gives no right. The call is looked up with the rights of the caller.
 * - MQ3: an answer never approves a call, since the request for approval and the answer come from one key.
 */
export class McpElicitation {
  readonly #key: Buffer;

  /** All gateways of a mesh have the same `serviceKey`, so each of them takes the states of the others. */
  constructor(serviceKey: string) {
    this.#key = createHmac('sha256', serviceKey).update('mcp request state').digest();
  }

  /** The question for a user whose account the call needs. */
  connect(link: string, waiting: Waiting): InputRequest {
    return inputRequired.elicitUrl({ message: connectMessage(waiting), url: link });
  }

  /** The question for a user whose call waits for another person. */
  approval(waiting: Waiting): InputRequest {
    const { approval } = waiting;
    const until = approval === undefined ? '' : ` until ${approval.expires_at}`;
    const reason = approval === undefined ? '' : ` ${approval.reason}`;
    return inputRequired.elicit({
      message: `The call waits${until} for another person to approve it.${reason} Accept to go on waiting. Decline to withdraw the call.`,
      requestedSchema: { type: 'object', properties: {} },
    });
  }

  /** The answer that makes the host ask its user and continue the call. */
  async ask(
    request: InputRequest,
    call: ContinuedCall,
    exchange: McpExchange,
    ctx: ServerContext,
  ): Promise<InputRequiredResult> {
    const requestState = await this.#codec(exchange).mint(call, ctx);
    return inputRequired({ inputRequests: { [question]: request }, requestState });
  }

  /** The call that a request continues. Undefined: the request begins one. Rejects for a state that is not of this request. */
  async continued(exchange: McpExchange, ctx: ServerContext): Promise<ContinuedCall | undefined> {
    const state: unknown = ctx.mcpReq.requestState();
    if (state === undefined) return undefined;
    return continuedSchema.parse(await this.#codec(exchange).verify(z.string().parse(state), ctx));
  }

  #codec({ caller, message: { method, params } }: McpExchange): RequestStateCodec<ContinuedCall> {
    const asked = canonicalize([params['name'] ?? null, params['arguments'] ?? null]);
    const digest = createHash('sha256').update(asked).digest('hex');
    const { tenantId, keyId, issuer, holder } = caller;
    const bound = JSON.stringify([tenantId, keyId ?? null, issuer ?? null, holder, method, digest]);
    return createRequestStateCodec({ key: this.#key, ttlSeconds: stateTtlS, bind: () => bound });
  }
}

/** The answer of the user in the request that continues a call. */
export function userAnswer({ mcpReq }: ServerContext): UserAnswer {
  const answer = inputResponse(mcpReq.inputResponses, question);
  if (answer.kind !== 'elicit' || answer.action === 'accept') return 'go_on';
  return answer.action === 'decline' ? 'withdraw' : 'stop_waiting';
}

/** The error by which a client of 2025-11-25 opens a link. It then sends the whole request again. */
export function linkRequired(link: string, elicitationId: string, waiting: Waiting): Error {
  return new UrlElicitationRequiredError([
    { mode: 'url', message: connectMessage(waiting), url: link, elicitationId },
  ]);
}

function connectMessage({ missing_scopes: missing }: Waiting): string {
  return missing === undefined
    ? 'Connect your account, so that the call can continue.'
    : `Grant ${missing.join(', ')}, so that the call can continue.`;
}
