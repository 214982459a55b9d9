import { triedRequest, mayHaveActed } from './attempt-history.js';
import { readEvidence, type SeenAnswer } from './answer-rule.js';
import type { AttemptEvidence } from './attempt-evidence.js';
import { judge, type Situation } from './attempt-verdict.js';

type Http = Parameters<typeof readEvidence>[1];

const slack: Http = {
  method: 'POST',
  failure: { at: '/ok', equals: false, reason: '/error' },
  answers: [
    { at: '/error', words: ['internal_error'], means: 'unknown' },
    { at: '/error', words: ['already_reacted'], means: 'done' },
  ],
};
const linear: Http = {
  method: 'POST',
  answers: [{ status: 400, at: '/errors/0/extensions/code', words: ['RATELIMITED'], means: 'limited' }],
};
const deleting: Http = { method: 'DELETE', answers: [{ status: 404, means: 'done' }] };

const idempotent: Situation = {
  effect: { class: 'idempotent' },
  retry: { max_attempts: 3, initial_backoff_ms: 100, max_backoff_ms: 1_000 },
  attempt: 1,
  mayHaveActed: false,
  firstDispatchAgeMs: 0,
  remainingMs: Infinity,
  random: 0.5,
};
const repeated: Situation = { ...idempotent, attempt: 2, mayHaveActed: true };
const opaque: Situation = { ...idempotent, effect: { class: 'opaque' } };

const json = (text: string): SeenAnswer => ({ body: { kind: 'json', text }, incomplete: false });

function verdictOf(status: number, http: Http, text: string | undefined, situation: Situation): string {
  const answer: SeenAnswer = text === undefined ? { body: { kind: 'empty' }, incomplete: false } : json(text);
  const verdict = judge(readEvidence({ kind: 'answered', status }, http, answer, situation), situation);
  return 'failure' in verdict ? `${verdict.kind} ${verdict.failure.code}` : verdict.kind;
}

describe('an answer', () => {
  const internal = '{"ok":false,"error":"internal_error"}';
  const already = '{"ok":false,"error":"already_reacted"}';
  const limited = '{"errors":[{"extensions":{"code":"RATELIMITED"}}]}';

  it.each<[string, number, Http, string | undefined, Situation, string]>([
    ['that leaves open whether it acted', 200, slack, internal, opaque, 'review effect_unknown'],
    [
      'that leaves it open, to what may be repeated',
      200,
      slack,
      internal,
      idempotent,
      'retry provider_error',
    ],
    ['that it is so already', 200, slack, already, idempotent, 'fail provider_reported_failure'],
    ['that it is so already, to a repetition', 200, slack, already, repeated, 'succeed'],
    [
      'that says another word',
      200,
      slack,
      '{"ok":false,"error":"x"}',
      repeated,
      'fail provider_reported_failure',
    ],
    ['that says nothing of it', 200, slack, '{"ok":true}', opaque, 'succeed'],
    ['that is a limit by its word', 400, linear, limited, opaque, 'retry provider_rate_limited'],
    ['of that word with another status', 403, linear, limited, opaque, 'fail provider_rejected'],
    ['of that status without the word', 400, linear, '{"errors":[]}', opaque, 'fail provider_rejected'],
    ['of that status without a body', 400, linear, undefined, opaque, 'fail provider_rejected'],
    ['404 to a DELETE', 404, deleting, undefined, idempotent, 'fail provider_rejected'],
    ['404 to a repeated DELETE', 404, deleting, undefined, repeated, 'succeed'],
    ['410 to a repeated DELETE', 410, deleting, undefined, repeated, 'succeed'],
    [
      '404 to a repeated DELETE of a tool that says nothing of it',
      404,
      { method: 'DELETE' },
      undefined,
      repeated,
      'fail provider_rejected',
    ],
    ['410 to such a one', 410, { method: 'DELETE' }, undefined, repeated, 'succeed'],
    ['410 to another repetition', 410, { method: 'PUT' }, undefined, repeated, 'fail provider_rejected'],
    ['403 to a repeated DELETE', 403, deleting, undefined, repeated, 'fail provider_rejected'],
  ])('%s', (_, status, http, body, situation, expected) => {
    expect(verdictOf(status, http, body, situation)).toBe(expected);
  });

  it('that leaves the effect open is remembered as one that may have acted (I2)', () => {
    const seen = readEvidence({ kind: 'answered', status: 200 }, slack, json(internal), opaque);
    expect(mayHaveActed([triedRequest(1, seen, opaque.retry, 0)])).toBe(true);
    expect(triedRequest(1, seen, opaque.retry, 0)).toMatchObject({
      evidence: 'unanswered',
      status_code: 200,
    });
    const plain: AttemptEvidence = { kind: 'answered', status: 200 };
    expect(
      mayHaveActed([
        triedRequest(1, readEvidence(plain, slack, json('{"ok":true}'), opaque), opaque.retry, 0),
      ]),
    ).toBe(false);
  });

  it('that refuses is remembered as one that did nothing, in any status (I2)', () => {
    const retry = { ...opaque.retry, refused_statuses: [503] };
    const refused = triedRequest(1, { kind: 'answered', status: 503 }, retry, 0);
    expect(refused).toMatchObject({ evidence: 'answered', refused: true });
    expect(mayHaveActed([refused])).toBe(false);
    expect(mayHaveActed([triedRequest(1, { kind: 'answered', status: 503 }, opaque.retry, 0)])).toBe(true);
  });
});
