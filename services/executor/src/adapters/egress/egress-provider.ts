import type { Attempt, Egress } from '@action-mesh/egress';

import type { Answer, Attempted, Provider, SendOptions } from '../../application/provider.port.js';
import type { ProviderRequest } from '../../application/tools.port.js';
import type { Evidence } from '../../domain/verdict.js';

/** The most of an answer that is kept; larger ones are cut off and marked as incomplete. */
const maxResponseBytes = 256 * 1024;

/** Sends through the guarded egress and puts what it saw into the ledger's words. */
export class EgressProvider implements Provider {
  constructor(private readonly egress: Egress) {}

  async send(request: ProviderRequest, options: SendOptions): Promise<Attempted> {
    const attempt = await this.egress.request({
      ...request,
      deadlineMs: options.deadlineMs,
      maxResponseBytes,
      signal: options.signal,
      beforeSend: options.mayStart,
    });
    if (attempt.kind !== 'response') return { evidence: withoutAnswer(attempt) };
    const retryAfterMs = retryAfter(attempt.headers['retry-after']);
    return {
      evidence: {
        kind: 'answered',
        status: attempt.status,
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      },
      answer: readAnswer(attempt),
    };
  }
}

type Response = Extract<Attempt, { kind: 'response' }>;

function withoutAnswer(attempt: Exclude<Attempt, Response>): Evidence {
  if (attempt.kind === 'indeterminate') return { kind: 'unanswered', message: attempt.message };
  const { code, retryable, message } = attempt;
  return { kind: 'not_sent', code, retryable, message };
}

/** The body as JSON text: as it came where it is JSON, as a JSON string where it is not, nothing where it is empty. */
function readAnswer({ body, bodyComplete, truncated }: Response): Answer {
  const incomplete = truncated || !bodyComplete;
  if (body.length === 0 || incomplete) return { incomplete };
  const text = body.toString('utf8');
  return { result: isJson(text) ? text : JSON.stringify(text), incomplete };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** `Retry-After` (RFC 9110, section 10.2.3): seconds or a date. */
function retryAfter(value: string | readonly string[] | undefined): number | undefined {
  const text = typeof value === 'string' ? value.trim() : value?.[0]?.trim();
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - Date.now());
}
