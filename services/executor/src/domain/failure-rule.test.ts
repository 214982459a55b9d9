import { readReport } from './failure-rule.js';
import { readAnswerJson } from './readable-json.js';

const slack = { at: '/ok', equals: false, reason: '/error' } as const;
const graphql = { at: '/errors', reason: '/errors/0/message' } as const;

function reported(rule: Parameters<typeof readReport>[0], text: string) {
  return readReport(rule, readAnswerJson({ kind: 'json', text }));
}

describe('a failure that a provider reports in a 2xx', () => {
  it.each([
    [slack, '{"ok":false,"error":"not_in_channel"}', 'not_in_channel'],
    [slack, '{"ok":false}', 'did not do it'],
    [slack, '{"ok":false,"error":{"word":"x"}}', 'did not do it'],
    [graphql, '{"errors":[{"message":"no such team"}],"data":null}', 'no such team'],
    [graphql, '{"errors":[{}]}', 'did not do it'],
    [graphql, '{"errors":"no such team"}', 'did not do it'],
  ])('is recognized by %j of %s', (rule, body, word) => {
    const report = reported(rule, body);
    expect(report.kind === 'failed' && report.failure.message).toContain(word);
  });

  it.each([
    [slack, '{"ok":true}'],
    [slack, '{"ok":"false"}'],
    [slack, '[]'],
    [slack, 'null'],
    [graphql, '{"errors":[],"data":{}}'],
    [graphql, '{"errors":null}'],
    [graphql, '{"data":{}}'],
    [{ at: '/constructor' }, '{}'],
    [{ at: '/code', equals: 9007199254740992 }, '{"code":9007199254740993}'],
    [{ at: '/errors/0' }, '{"errors":[]}'],
    [{ at: '/errors/0' }, '{"errors":null}'],
  ])('is not recognized by %j in %s', (rule, body) => {
    expect(reported(rule, body)).toEqual({ kind: 'silent' });
  });

  it.each([
    [slack, '"ok"'],
    [slack, '7'],
    [slack, 'true'],
    [slack, '[{"ok":false}]'],
    [{ at: '/status/ok', equals: false }, '{"status":"down"}'],
    [{ at: '/items/length', equals: 0 }, '{"items":[1]}'],
    [{ at: '/items/-1' }, '{"items":[1]}'],
  ])('cannot be read by %j in %s, which has another shape', (rule, body) => {
    expect(reported(rule, body).kind).toBe('unread');
  });

  it('cannot be read when a member occurs twice, because readers differ', () => {
    expect(reported(slack, '{"ok":false,"ok":true}').kind).toBe('unread');
    expect(reported(slack, '{"ok":true,"more":[{"a":{},"\\u0061":1}]}').kind).toBe('unread');
    expect(reported(slack, '{"ok":true,"more":[{"a":"a","b":{"a":1}},{"a":"\\"a\\":"}]}').kind).toBe(
      'silent',
    );
  });

  it('repeats at most one line of the provider’s text', () => {
    const report = reported(slack, JSON.stringify({ ok: false, error: 'x'.repeat(10_000) }));
    expect(report.kind === 'failed' && report.failure.message.length).toBeLessThan(300);
  });
});
