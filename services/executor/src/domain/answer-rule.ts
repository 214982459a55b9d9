import type { Tool } from '@action-mesh/contracts/catalog';

import type { AnswerBody } from './answer-body.js';
import { readReport } from './failure-rule.js';
import { locationAt } from './json-location.js';
import { readAnswerJson, type ReadJson } from './readable-json.js';
import type { AnsweredEvidence, AnswerMeaning, AttemptEvidence } from './attempt-evidence.js';
import type { Situation } from './attempt-verdict.js';

type Http = Pick<Tool['http'], 'method' | 'answers' | 'failure'>;
type Rule = NonNullable<Http['answers']>[number];

/** The parts of an answer that rules read. */
export interface SeenAnswer {
  readonly body: AnswerBody;
  /** Whether a part of the answer cannot be shown. */
  readonly incomplete: boolean;
}

/**
 * The evidence of an attempt, with the meaning of the answer's body by the rules of the tool. If a rule cannot read the
 * body, it stays open whether the provider acted (I2).
 */
export function readEvidence(
  evidence: AttemptEvidence,
  http: Http,
  answer: SeenAnswer | undefined,
  { mayHaveActed }: Pick<Situation, 'mayHaveActed'>,
): AttemptEvidence {
  if (evidence.kind !== 'answered') return evidence;
  const read = withLoss(evidence, answer);
  const isSuccess = read.status >= 200 && read.status < 300;
  const rules = (http.answers ?? []).filter(({ status }) =>
    status === undefined ? isSuccess : status === read.status,
  );
  // A 204 has no body by definition, so its body is never unreadable.
  const report = isSuccess && read.status !== 204 ? http.failure : undefined;
  const needsBody = report !== undefined || rules.some(({ at }) => at !== undefined);
  const json: ReadJson = needsBody ? readAnswerJson(answer?.body) : { value: undefined, text: 'null' };
  if ('unreadable' in json && matters(rules, { isReported: report !== undefined, mayHaveActed })) {
    return read.status === 204 ? read : unread(read, json.unreadable);
  }
  const means = meaningOf(read.status, rules, json, http);
  // "Already done" as the answer to a first request does not prove that this request did it.
  if (means !== undefined && (means !== 'done' || mayHaveActed)) return { ...read, means };
  if (report === undefined) return read;
  const said = readReport(report, json);
  if (said.kind === 'unread') return unread(read, said.why);
  return said.kind === 'failed' ? { ...read, reported: said.failure } : read;
}

/** Whether the answer says that the requested state exists already, to a call that may have produced it. */
export function isDone(
  evidence: AttemptEvidence,
  { mayHaveActed }: Pick<Situation, 'mayHaveActed'>,
): boolean {
  return evidence.kind === 'answered' && evidence.means === 'done' && mayHaveActed;
}

/** Whether an unreadable body could change the known effect. */
function matters(
  rules: readonly Rule[],
  { isReported, mayHaveActed }: { isReported: boolean; mayHaveActed: boolean },
): boolean {
  // A rule without words needs no body, and rules after it are never used.
  const first = rules.findIndex(({ at }) => at === undefined);
  if (first === 0) return false;
  const asked = first === -1 ? rules : rules.slice(0, first);
  if (isReported && first === -1) return true;
  return asked.some(({ status, means }) => {
    if (means === 'unknown') return true;
    // For any other status, `limited` and an answer without a meaning both say that nothing was done.
    return means === 'limited' ? status === undefined || status < 300 : mayHaveActed && status !== undefined;
  });
}

function meaningOf(
  status: number,
  rules: readonly Rule[],
  json: ReadJson,
  { method }: Http,
): AnswerMeaning | undefined {
  const says = ({ at, words }: Rule): boolean => {
    if (at === undefined) return true;
    const location = 'value' in json ? locationAt(json.value, at) : undefined;
    return location?.kind === 'value' && words?.some((word) => location.value === word) === true;
  };
  const rule = rules.find(says);
  if (rule !== undefined) return rule.means;
  // A 410 proves the deletion. A 404 may also mean a missing permission, so a tool has to list it.
  return method === 'DELETE' && status === 410 ? 'done' : undefined;
}

function withLoss(evidence: AnsweredEvidence, answer: SeenAnswer | undefined): AnsweredEvidence {
  if (answer?.incomplete !== true) return evidence;
  const { body } = answer;
  if (body.kind === 'broken') return { ...evidence, loss: { kind: 'broken' } };
  return { ...evidence, loss: body.kind === 'cut' ? body : { kind: 'too_large' } };
}

function unread(evidence: AnsweredEvidence, why: string): AnsweredEvidence {
  return { ...evidence, means: 'unknown', unread: why };
}
