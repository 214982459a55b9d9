import type { Tried } from '@action-mesh/contracts/executor';
import { MeshError, type Clock } from '@action-mesh/kernel';

import type { Tool } from '@action-mesh/contracts/catalog';
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
    const prepared = this.tools.newest(effect.probe);
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
    return this.#read(attempted, effect, attempt);
  }

  #read({ evidence, answer }: Attempted, effect: Probeable, attempt: number): Asked {
    if (evidence.kind !== 'answered') return this.#unsure(attempt, evidence.message);
    const { status, retryAfterMs } = evidence;
    const tried = { ...this.#entry(attempt), evidence: 'answered', status_code: status } as const;
    const notThere = status === 404 || status === 410;
    if (!notThere && (status < 200 || status >= 300 || answer?.incomplete === true)) {
      const unsure = { kind: 'unsure', message: `the probe answered ${status}` } as const;
      return { answer: retryAfterMs === undefined ? unsure : { ...unsure, retryAfterMs }, tried };
    }
    const found = notThere ? undefined : valueAt(answer, effect.found);
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
function valueAt(answer: Answer | undefined, pointer: string): string | undefined {
  let value: unknown = answer?.result === undefined ? undefined : JSON.parse(answer.result);
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, name)
        ? Reflect.get(value, name)
        : undefined;
  }
  if (Array.isArray(value)) value = value[0];
  const isEmpty =
    value === undefined ||
    value === null ||
    value === false ||
    value === '' ||
    (typeof value === 'object' && Object.keys(value).length === 0);
  return isEmpty ? undefined : JSON.stringify(value);
}
