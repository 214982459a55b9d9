import type { Tool } from '@action-mesh/contracts/catalog';

import type { AnswerBody } from './answer-body.js';
import { parsedBody, reportedFailure, valueAt } from './failure-rule.js';
import { judge, type AnswerMeaning, type Evidence, type Situation, type Verdict } from './verdict.js';

type Http = Pick<Tool['http'], 'method' | 'answers' | 'failure'>;

/** The evidence of an attempt with what the body of its answer says by the rules of the tool. */
export function readEvidence(evidence: Evidence, http: Http, body: AnswerBody | undefined): Evidence {
  if (evidence.kind !== 'answered') return evidence;
  const means = meaningOf(evidence.status, http, body);
  return means === undefined ? evidence : { ...evidence, means };
}

/** What to do after an attempt, its `failure` rule included: a provider may say in a 2xx that it did nothing. */
export function judgeAttempt(
  evidence: Evidence,
  http: Http,
  body: AnswerBody | undefined,
  situation: Situation,
): Verdict {
  const verdict = judge(evidence, situation);
  if (http.failure === undefined || verdict.kind !== 'succeed' || isDone(evidence, situation)) return verdict;
  const failure = reportedFailure(http.failure, body);
  return failure === undefined ? verdict : { kind: 'fail', failure };
}

/** Whether the answer says that what was asked for is so already, to a call that may have done it. */
export function isDone(evidence: Evidence, { mayHaveActed }: Pick<Situation, 'mayHaveActed'>): boolean {
  return evidence.kind === 'answered' && evidence.means === 'done' && mayHaveActed;
}

function meaningOf(
  status: number,
  { method, answers }: Http,
  body: AnswerBody | undefined,
): AnswerMeaning | undefined {
  const isSuccess = status >= 200 && status < 300;
  const rules = (answers ?? []).filter((rule) =>
    rule.status === undefined ? isSuccess : rule.status === status,
  );
  const value = rules.length === 0 ? undefined : parsedBody(body);
  const rule = rules.find(
    ({ at, words }) => at === undefined || words?.some((word) => valueAt(value, at) === word) === true,
  );
  if (rule !== undefined) return rule.means;
  // What was to be deleted is gone. A 404 may also mean that nobody may see it, so that a tool has to list it.
  return method === 'DELETE' && status === 410 ? 'done' : undefined;
}
