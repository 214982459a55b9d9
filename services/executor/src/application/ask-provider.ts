import type { Tried } from '@action-mesh/contracts/executor';
import { MeshError, type Clock } from '@action-mesh/kernel';

import type { Tool } from '@action-mesh/contracts/catalog';
import { readEvidence } from '../domain/answer-rule.js';
import { holdsSomething, parsedBody, reportedFailure, valueAt } from '../domain/failure-rule.js';
import type { ProbeAnswer } from '../domain/probe-verdict.js';
import type { OwnedCall } from './ledger.port.js';
import type { Answer, Attempted, Provider } from './provider.port.js';
import type { Tools } from './tools.port.js';

export interface Asked {
  readonly answer: ProbeAnswer;
  /** What was found, as the text of a JSON value. */
  readonly found?: string;
  readonly tried: Tried;
}

type Probeable = Extract<Tool['effect'], { class: 'probeable' }>;

/** Asks a provider, with the probe of a `probeable` tool, whether it acted on a call. Changes nothing there. */
export class AskProvider {
  constructor(
    private readonly tools: Tools,
    private readonly provider: Provider,
    private readonly clock: Clock,
  ) {}

  /** Never throws: a probe that cannot be sent is a probe without an answer. */
  async execute(owned: OwnedCall, effect: Probeable, attempt: number): Promise<Asked> {
    const prepared = this.tools.stable(effect.probe);
    if (prepared === undefined) return this.#unsure(attempt, `the probe ${effect.probe} is not published`);
    let attempted: Attempted;
    try {
      const request = prepared.buildRequest({ [effect.argument]: owned.providerKey });
      attempted = await this.provider.send(request, {
        deadlineMs: prepared.tool.timeout_ms,
        signal: owned.incarnation.signal,
        mayStart: () => owned.incarnation.isLive(),
      });
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      return this.#unsure(attempt, `the probe ${effect.probe} makes no request: ${error.message}`);
    }
    return this.#read(attempted, prepared.tool, effect, attempt);
  }

  #read({ evidence: seen, answer }: Attempted, probe: Tool, effect: Probeable, attempt: number): Asked {
    const evidence = readEvidence(seen, probe.http, answer?.body);
    if (evidence.kind !== 'answered') return this.#unsure(attempt, evidence.message);
    const { status, retryAfterMs, means } = evidence;
    const tried = { ...this.#entry(attempt), evidence: 'answered', status_code: status } as const;
    const notThere = status === 404 || status === 410;
    const isAnswer = means === undefined || means === 'done';
    if (!isAnswer || (!notThere && (status < 200 || status >= 300 || answer?.incomplete === true))) {
      const unsure = { kind: 'unsure', message: `the probe answered ${status}` } as const;
      return { answer: retryAfterMs === undefined ? unsure : { ...unsure, retryAfterMs }, tried };
    }
    const { failure: rule } = probe.http;
    const reported = rule === undefined || notThere ? undefined : reportedFailure(rule, answer?.body);
    // A probe that failed has not looked, whatever its body holds.
    if (reported !== undefined) return { answer: { kind: 'unsure', message: reported.message }, tried };
    const found = notThere ? undefined : foundAt(answer, effect.found);
    return found === undefined
      ? { answer: { kind: 'absent' }, tried: { ...tried, evidence: 'absent' } }
      : { answer: { kind: 'found' }, found, tried };
  }

  #unsure(attempt: number, message: string): Asked {
    return {
      answer: { kind: 'unsure', message },
      tried: { ...this.#entry(attempt), evidence: 'unanswered', message },
    };
  }

  #entry(attempt: number): Pick<Tried, 'attempt' | 'at' | 'kind'> {
    return { attempt, at: new Date(this.clock.now()).toISOString(), kind: 'probe' };
  }
}

/** What is at the pointer, as JSON text; of a list its first. Undefined where that says that there is nothing. */
function foundAt(answer: Answer | undefined, pointer: string): string | undefined {
  const at = valueAt(parsedBody(answer?.body), pointer);
  const value: unknown = Array.isArray(at) ? at[0] : at;
  return holdsSomething(value) ? JSON.stringify(value) : undefined;
}
