import type { AnswerBody } from './answer-body.js';
import { reportedFailure } from './failure-rule.js';

const json = (text: string): AnswerBody => ({ kind: 'json', text });
const slack = { at: '/ok', equals: false, reason: '/error' } as const;
const graphql = { at: '/errors', reason: '/errors/0/message' } as const;

describe('a failure that a provider reports in a 2xx', () => {
  it.each([
    [slack, '{"ok":false,"error":"not_in_channel"}', 'not_in_channel'],
    [slack, '{"ok":false}', 'did not do it'],
    [graphql, '{"errors":[{"message":"no such team"}],"data":null}', 'no such team'],
    [graphql, '{"errors":[{}]}', 'did not do it'],
  ])('is told by %j of %s', (rule, body, word) => {
    expect(reportedFailure(rule, json(body))?.message).toContain(word);
  });

  it.each([
    [slack, '{"ok":true}'],
    [slack, '{"ok":"false"}'],
    [slack, '[]'],
    [graphql, '{"errors":[],"data":{}}'],
    [graphql, '{"errors":null}'],
    [graphql, '{"data":{}}'],
    [{ at: '/constructor' }, '{}'],
  ])('is not seen by %j in %s', (rule, body) => {
    expect(reportedFailure(rule, json(body))).toBeUndefined();
  });

  it('repeats no more of a provider than a line', () => {
    const message = reportedFailure(
      slack,
      json(JSON.stringify({ ok: false, error: 'x'.repeat(10_000) })),
    )?.message;
    expect(message?.length).toBeLessThan(300);
  });
});
