import { entryAgainst, type Attempt, type Egress } from '@action-mesh/egress';
import { isRateLimitHeader, parseRetryAfter } from '@action-mesh/governor';
import { defined } from '@action-mesh/kernel';

import type { Attempted, Provider, SendOptions } from '../../application/provider.port.js';
import type { ProviderRequest } from '../../application/tools.port.js';
import { isRedirect } from '../../domain/answer-status.js';
import type { AttemptEvidence } from '../../domain/attempt-evidence.js';
import { executorPoints } from '../../diagnostics.js';
import { findCredential, type FindCredential } from '../../domain/static-credential.js';
import { withCredential, withoutCredential } from './attached-credential.js';
import { readBody } from './read-body.js';
import { redirectTarget } from './redirect-target.js';
import { shownAnswer } from './shown-answer.js';

/** Sends through the guarded egress and translates the result into the ledger's terms. */
export class EgressProvider implements Provider {
  readonly #egress: Egress;
  readonly #credentialFor: FindCredential;

  constructor(egress: Egress, credentialFor: FindCredential = findCredential([])) {
    this.#egress = egress;
    this.#credentialFor = credentialFor;
  }

  async send(request: ProviderRequest, options: SendOptions): Promise<Attempted> {
    const { provider } = options;
    const credential = this.#credentialFor(provider, request.url);
    const sent = await this.#egress.request({
      deadlineMs: options.deadlineMs,
      maxResponseBytes: options.maxResponseBytes,
      signal: options.signal,
      beforeSend: () => {
        // Before the check, never after it: a process that freezes in between could still send its request.
        executorPoints.before_request.publish(() => ({ provider }));
        if (!options.mayStart()) return false;
        executorPoints.after_request_left.publishAfterTurn(() => ({ provider }));
        return true;
      },
      ...(credential === undefined ? request : withCredential(request, credential)),
    });
    const attempt = credential === undefined ? sent : withoutCredential(sent, credential);
    if (attempt.kind !== 'response') return { evidence: withoutAnswer(attempt, request.url) };
    executorPoints.after_response.publish(() => ({ provider, status: attempt.status }));
    const retryAfterMs = parseRetryAfter(attempt.headers['retry-after'], Date.now());
    const location = isRedirect(attempt.status) ? redirectTarget(attempt.headers, request.url) : undefined;
    return {
      evidence: {
        kind: 'answered',
        status: attempt.status,
        ...defined({ retryAfterMs, location }),
      },
      answer: shownAnswer(readBody(attempt, options.maxResponseBytes)),
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
  return defined({ limits });
}

type Response = Extract<Attempt, { kind: 'response' }>;

function withoutAnswer(attempt: Exclude<Attempt, Response>, url: string): AttemptEvidence {
  if (attempt.kind === 'indeterminate') return { kind: 'unanswered', message: attempt.message };
  const { code, retryable, message } = attempt;
  const entry = entryAgainst(code, url);
  const evidence = { kind: 'not_sent', code, retryable, message } as const;
  if (entry === undefined) return evidence;
  const fix = `If calls may reach it, add ${entry} to EGRESS_ALLOW of all executors, and start them again.`;
  return { ...evidence, fix };
}
