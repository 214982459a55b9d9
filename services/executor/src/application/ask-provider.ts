import type { Tried } from '@action-mesh/contracts/executor';
import type { LeasedCredential } from '@action-mesh/connections';
import { childSpan, defined, jsonAt, MeshError, type Clock } from '@action-mesh/kernel';
import { runSpanId } from '@action-mesh/telemetry/port';

import { responseSize, type Tool } from '@action-mesh/contracts/catalog';
import { readEvidence } from '../domain/answer-rule.js';
import { describeOpenAnswer, isSuccess } from '../domain/answer-status.js';
import { holdsSomething, locationAt, type JsonLocation } from '../domain/json-location.js';
import type { ProbeAnswer } from '../domain/probe-verdict.js';
import { readAnswerJson, type ReadJson } from '../domain/readable-json.js';
import type { OwnedCall } from './ledger.port.js';
import type { ProviderAnswer, Attempted, Provider } from './provider.port.js';
import type { PreparedTool, Tools } from './tools.port.js';

export interface Asked {
  readonly answer: ProbeAnswer;
  /** The value that a probe found, as the text of a JSON value. */
  readonly found?: string;
  readonly tried: Tried;
}

type Probeable = Extract<Tool['effect'], { class: 'probeable' }>;

/**
 * Asks a provider, with the probe of a `probeable` tool, whether it acted on a call. The probe changes nothing there.
 */
export class AskProvider {
  readonly #tools: Tools;
  readonly #provider: Provider;
  readonly #clock: Clock;

  constructor(tools: Tools, provider: Provider, clock: Clock) {
    this.#tools = tools;
    this.#provider = provider;
    this.#clock = clock;
  }

  /** The tool of the probe. Undefined: it is not published. */
  probe(effect: Probeable): PreparedTool | undefined {
    return this.#tools.stable(effect.probe);
  }

  /** Never throws: a probe that cannot be sent counts as a probe without an answer. */
  async execute(
    owned: OwnedCall,
    effect: Probeable,
    attempt: number,
    credential?: LeasedCredential,
  ): Promise<Asked> {
    const prepared = this.probe(effect);
    if (prepared === undefined) return this.#unsure(attempt, `the probe ${effect.probe} is not published`);
    let attempted: Attempted;
    try {
      const request = prepared.buildRequest({ [effect.argument]: owned.providerKey });
      attempted = await this.#provider.send(request, {
        mode: owned.call.mode,
        provider: prepared.tool.provider.slug,
        ...defined({ credential }),
        maxResponseBytes: prepared.tool.max_response_bytes ?? responseSize.defaultBytes,
        deadlineMs: prepared.tool.timeout_ms,
        signal: owned.instance.signal,
        mayStart: () => owned.instance.isLive(),
        place: {
          call: owned.call,
          trace: childSpan(owned.trace),
          parentSpanId: runSpanId(owned.call.call_id, owned.state.redrives),
          attempt,
          endpoint: prepared.endpoint,
          isWrite: true,
        },
      });
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      return this.#unsure(attempt, `the probe ${effect.probe} makes no request: ${error.message}`);
    }
    return this.#read(attempted, prepared.tool, effect, attempt);
  }

  #read({ evidence: seen, answer }: Attempted, probe: Tool, effect: Probeable, attempt: number): Asked {
    const evidence = readEvidence(seen, probe.http, answer, { mayHaveActed: false });
    if (evidence.kind !== 'answered') return this.#unsure(attempt, evidence.message);
    const { status, retryAfterMs, means, reported } = evidence;
    const tried = { ...this.#entry(attempt), evidence: 'answered', status_code: status } as const;
    const unsure = (message: string): Asked => {
      const doubt = { kind: 'unsure', message } as const;
      return {
        answer: retryAfterMs === undefined ? doubt : { ...doubt, retryAfterMs },
        tried: { ...tried, message },
      };
    };
    const absent: Asked = { answer: { kind: 'absent' }, tried: { ...tried, evidence: 'absent' } };
    if (means !== undefined && means !== 'done') return unsure(describeOpenAnswer(evidence));
    const json = readAnswerJson(answer?.body);
    if (status === 404 || status === 410) {
      const why = doubtOfAbsence(probe, effect, answer, json);
      return why === undefined ? absent : unsure(`the probe answered ${status}, and ${why}`);
    }
    if (!isSuccess(status)) return unsure(describeOpenAnswer(evidence));
    // A probe that failed has not looked, with any body.
    if (reported !== undefined) return unsure(reported.message);
    if ('unreadable' in json) return unsure(describeOpenAnswer({ ...evidence, unread: json.unreadable }));
    const found = lookUp(json.value, effect.found);
    if (found.kind === 'misfit') {
      const unread = `its shape does not match the pointer ${JSON.stringify(effect.found)}`;
      return unsure(describeOpenAnswer({ ...evidence, unread }));
    }
    if (found.kind === 'nothing') return absent;
    return { answer: { kind: 'found' }, found: foundText(json.text, effect.found), tried };
  }

  #unsure(attempt: number, message: string): Asked {
    return {
      answer: { kind: 'unsure', message },
      tried: { ...this.#entry(attempt), evidence: 'unanswered', message },
    };
  }

  #entry(attempt: number): Pick<Tried, 'attempt' | 'at' | 'kind'> {
    return { attempt, at: new Date(this.#clock.now()).toISOString(), kind: 'probe' };
  }
}

/**
 * The reason why a 404 or 410 does not prove that the call never happened. The status is about the address of the
 * request. When the reference is part of the address, it is about the resource, otherwise about the search itself. An
 * error page of a proxy, or of a server without the route, is not the provider's answer.
 */
function doubtOfAbsence(
  { http }: Tool,
  { argument }: Probeable,
  answer: ProviderAnswer | undefined,
  json: ReadJson,
): string | undefined {
  const inPath =
    http.path.includes(`{${argument}}`) ||
    http.parameters.some((parameter) => parameter.argument === argument && parameter.in === 'path');
  if (!inPath) return 'the reference is no part of its path, so the search itself was not found';
  const isEmpty = answer === undefined || answer.body.kind === 'empty';
  return 'unreadable' in json && !isEmpty ? `its body cannot be read: ${json.unreadable}` : undefined;
}

/** The value at the pointer. For a list, its first item. A list that begins with null or false is a misfit. */
function lookUp(root: unknown, pointer: string): JsonLocation {
  const location = locationAt(root, pointer);
  if (location.kind !== 'value' || !holdsSomething(location.value))
    return location.kind === 'value' ? { kind: 'nothing' } : location;
  if (!Array.isArray(location.value)) return location;
  const [first] = location.value as unknown[];
  return first === null || first === false ? { kind: 'misfit' } : { kind: 'value', value: first };
}

/** The exact text of the value that `lookUp` found. */
function foundText(text: string, pointer: string): string {
  const at = jsonAt(text, pointer) ?? 'null';
  return at.startsWith('[') ? (jsonAt(at, '/0') ?? at) : at;
}

/** The answer that a probe found. It replaces the lost answer. */
export function wholeAnswer(text: string): ProviderAnswer {
  return { body: { kind: 'json', text }, result: text, incomplete: false };
}
