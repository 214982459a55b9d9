import { entryAgainst, type Attempt, type Egress } from '@action-mesh/egress';
import { isRateLimitHeader, parseRetryAfter } from '@action-mesh/governor';
import { defined } from '@action-mesh/kernel';

import type { Attempted, Provider, SendOptions } from '../../application/provider.port.js';
import type { Previewed, RequestPreview } from '../../application/request-preview.port.js';
import type { ProviderRequest } from '../../application/tools.port.js';
import { isRedirect } from '../../domain/answer-status.js';
import type { AttemptEvidence } from '../../domain/attempt-evidence.js';
import { executorPoints } from '../../diagnostics.js';
import { masked } from '../../domain/masked-request.js';
import {
  findCredential,
  type FindCredential,
  type StaticCredential,
} from '../../domain/static-credential.js';
import { AttachPlaces, type AttachCredential, type Attachment } from './attach-credential.js';
import { withPlace, withoutCredential } from './attached-credential.js';
import { readBody } from './read-body.js';
import { nextLinkQuery } from './next-link.js';
import { redirectTarget } from './redirect-target.js';
import { shownAnswer } from './shown-answer.js';

/**
 * Sends through the guarded egress and translates the result into the ledger's terms.
 *
 * - R6: no request of a call leaves unless the call is live.
 */
export class EgressProvider implements Provider, RequestPreview {
  readonly #egress: Egress;
  readonly #credentialFor: FindCredential;
  readonly #attachCredential: AttachCredential;

  constructor(
    egress: Egress,
    credentialFor: FindCredential = findCredential([]),
    attachCredential: AttachCredential = new AttachPlaces(),
  ) {
    this.#egress = egress;
    this.#attachCredential = attachCredential;
    this.#credentialFor = credentialFor;
  }

  async send(request: ProviderRequest, options: SendOptions): Promise<Attempted> {
    const { provider, mode } = options;
    if (mode !== 'live') return { evidence: notLive };
    const attached = this.#attached(request, options);
    if (attached !== undefined && 'refusal' in attached) return { evidence: attached.refusal };
    const outgoing = attached?.request ?? request;
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
      ...outgoing,
    });
    const attempt = attached === undefined ? sent : withoutCredential(sent, attached);
    if (attempt.kind !== 'response') return { evidence: withoutAnswer(attempt, outgoing.url) };
    executorPoints.after_response.publish(() => ({ provider, status: attempt.status }));
    const retryAfterMs = parseRetryAfter(attempt.headers['retry-after'], Date.now());
    const location = isRedirect(attempt.status) ? redirectTarget(attempt.headers, outgoing.url) : undefined;
    return {
      evidence: {
        kind: 'answered',
        status: attempt.status,
        ...defined({ retryAfterMs, location, nextQuery: nextLinkQuery(attempt.headers, outgoing.url) }),
      },
      answer: shownAnswer(readBody(attempt, options.maxResponseBytes)),
      ...limitHeaders(attempt),
    };
  }

  masked(
    request: ProviderRequest,
    { provider, credential }: Pick<SendOptions, 'provider' | 'credential'>,
  ): Previewed {
    const places = credential?.places.map((place) => ({ ...place, value: masked }));
    const attached = this.#attached(
      request,
      {
        provider,
        credential: credential === undefined || places === undefined ? undefined : { ...credential, places },
      },
      (place) => ({ ...place, value: masked }),
    );
    if (attached === undefined) return { request };
    if ('request' in attached) return { request: attached.request };
    const { code, message, fix } = attached.refusal;
    return { request, failure: { code, category: 'request', message, ...defined({ fix }) } };
  }

  /**
   * Undefined: no credential goes with the request. A connection comes before a static credential. `placeOf` changes the
   * place of a static one.
   */
  #attached(
    request: ProviderRequest,
    { provider, credential }: Pick<SendOptions, 'provider' | 'credential'>,
    placeOf = (place: StaticCredential['place']): StaticCredential['place'] => place,
  ): Attachment | undefined {
    if (credential !== undefined) return this.#attachCredential.attach(request, credential);
    const fixed = this.#credentialFor(provider, request.url);
    return fixed === undefined
      ? undefined
      : { request: withPlace(request, placeOf(fixed.place)), secrets: fixed.secrets };
  }
}

const notLive = {
  kind: 'not_sent',
  code: 'call_not_live',
  retryable: false,
  message: 'the call is not live, so nothing was sent',
} as const;

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
