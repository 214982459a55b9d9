import type { Attempt, Egress } from '@action-mesh/egress';
import { isRateLimitHeader, parseRetryAfter } from '@action-mesh/governor';
import { crashPoint, crashPointAfterTurn } from '@action-mesh/kernel';

import type { Answer, Attempted, Provider, SendOptions } from '../../application/provider.port.js';
import type { ProviderRequest } from '../../application/tools.port.js';
import type { AnswerBody } from '../../domain/answer-body.js';
import type { Evidence } from '../../domain/verdict.js';

/** The most of an answer that is kept; larger ones are cut off and marked as incomplete. */
const maxResponseBytes = 256 * 1024;

/** The most that a result may take inside an outcome, whose record must stay below a megabyte. */
const maxResultBytes = 512 * 1024;

/** Deeper answers are kept as the text that they are. */
const maxNesting = 64;

/** Sends through the guarded egress and puts what it saw into the ledger's words. */
export class EgressProvider implements Provider {
  constructor(private readonly egress: Egress) {}

  async send(request: ProviderRequest, options: SendOptions): Promise<Attempted> {
    const attempt = await this.egress.request({
      deadlineMs: options.deadlineMs,
      maxResponseBytes,
      signal: options.signal,
      beforeSend: () => {
        // Before the question, never after it: what a process that froze in between would send, nothing could hold back.
        crashPoint('before_request');
        if (!options.mayStart()) return false;
        crashPointAfterTurn('after_request_left');
        return true;
      },
      ...request,
    });
    if (attempt.kind !== 'response') return { evidence: withoutAnswer(attempt) };
    crashPoint('after_response');
    const retryAfterMs = parseRetryAfter(attempt.headers['retry-after'], Date.now());
    return {
      evidence: {
        kind: 'answered',
        status: attempt.status,
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      },
      answer: readAnswer(attempt),
      ...limitHeaders(attempt),
    };
  }
}

function limitHeaders({ headers }: Response): Pick<Attempted, 'limits'> {
  let limits: Record<string, string> | undefined;
  for (const name in headers) {
    if (!isRateLimitHeader(name)) continue;
    const value = headers[name];
    const text = typeof value === 'string' ? value : value?.join(', ');
    if (text !== undefined) (limits ??= {})[name] = text;
  }
  return limits === undefined ? {} : { limits };
}

type Response = Extract<Attempt, { kind: 'response' }>;

function withoutAnswer(attempt: Exclude<Attempt, Response>): Evidence {
  if (attempt.kind === 'indeterminate') return { kind: 'unanswered', message: attempt.message };
  const { code, retryable, message } = attempt;
  return { kind: 'not_sent', code, retryable, message };
}

function readAnswer(response: Response): Answer {
  const body = readBody(response);
  switch (body.kind) {
    case 'cut':
    case 'broken':
      return { body, incomplete: true };
    case 'empty':
    case 'binary':
      return { body, incomplete: false };
    case 'json':
    case 'text': {
      const result = body.kind === 'json' ? body.text : JSON.stringify(body.text);
      // Escaped, a body of control characters is six times as long, and its outcome would fit no record.
      return Buffer.byteLength(result) > maxResultBytes
        ? { body, incomplete: true }
        : { body, result, incomplete: false };
    }
  }
}

function readBody({ body, bodyComplete, truncated }: Response): AnswerBody {
  if (truncated) return { kind: 'cut', limitBytes: maxResponseBytes };
  if (!bodyComplete) return { kind: 'broken' };
  if (body.length === 0) return { kind: 'empty' };
  const text = body.toString('utf8');
  return { kind: isJson(text) ? 'json' : 'text', text };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return nesting(text) <= maxNesting;
  } catch {
    return false;
  }
}

/** How deep the brackets of a JSON text go; readers that recurse would fall over a deeper one than `maxNesting`. */
function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text[index];
    if (inString) {
      if (unit === '\\') index += 1;
      else if (unit === '"') inString = false;
    } else if (unit === '"') inString = true;
    else if (unit === '{' || unit === '[') deepest = Math.max(deepest, ++depth);
    else if (unit === '}' || unit === ']') depth -= 1;
  }
  return deepest;
}
