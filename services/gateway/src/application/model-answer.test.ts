import { answerOfOutcome, answerOfRefusal } from './model-answer.js';

const turn = { form: 'anthropic', name: 'crm_find', toolCallId: 'toolu_1' } as const;
const error = {
  code: 'provider_refused',
  category: 'request',
  message: 'the provider answered 400',
  fix: 'Correct it.',
};
const until = '2026-01-01T00:00:00.000Z';

function read(outcome: string | undefined): { content: string; is_error: boolean; tool_use_id: string } {
  return JSON.parse(answerOfOutcome(outcome, turn)) as ReturnType<typeof read>;
}

describe('the answer for a model', () => {
  it('is the exact result without data of the mesh', () => {
    const outcome = `{"call_id":"c","tenant_id":"t","status":"succeeded","attempts":1,"result":{"id":7615917337495251231}}`;
    expect(read(outcome)).toEqual({
      type: 'tool_result',
      tool_use_id: 'toolu_1',
      content: '{"id":7615917337495251231}',
      is_error: false,
    });
  });

  it("explains a failure with the provider's answer and a correction", () => {
    const outcome = JSON.stringify({ status: 'failed', error, result: { field: 'email' } });
    expect(read(outcome).is_error).toBe(true);
    expect(JSON.parse(read(outcome).content)).toEqual({
      is_error: true,
      message: error.message,
      fix: error.fix,
      answer: { field: 'email' },
    });
    const page = JSON.stringify({ status: 'failed', error, result: '<p>'.repeat(10_000) });
    expect(read(page).content.length).toBeLessThan(500);
  });

  it('is the part of a result that fits, with the address of the whole', () => {
    const cut = { bytes: 2, of_bytes: 900, result_url: '/v1/calls/c/result' };
    const succeeded = read(JSON.stringify({ status: 'succeeded', result: [1], cut }));
    expect(JSON.parse(succeeded.content)).toEqual({ result: [1], cut });
    const failed = read(JSON.stringify({ status: 'failed', error, result: [1], cut }));
    expect(JSON.parse(failed.content)).toMatchObject({ answer: [1], cut });
  });

  it('has the call for the next page', () => {
    const outcome = '{"status":"succeeded","result":[1],"next":{"arguments":{"after":1.0}}}';
    expect(read(outcome).content).toBe('{"result":[1],"next":{"arguments":{"after":1.0}}}');
  });

  it.each([
    ['nothing yet', undefined, false],
    ['waiting', JSON.stringify({ status: 'waiting', waiting: { reason: 'retry', until } }), false],
    ['indeterminate', JSON.stringify({ status: 'indeterminate' }), false],
    ['needs_review', JSON.stringify({ status: 'needs_review', error }), true],
    ['dead', JSON.stringify({ status: 'dead', error }), true],
    ['cut', JSON.stringify({ status: 'succeeded', upstream: { status_code: 200, incomplete: true } }), false],
  ])('tells a model not to repeat a call that is %s', (_, outcome, isError) => {
    expect(read(outcome).content).toContain('Do not call the tool again');
    expect(read(outcome).is_error).toBe(isError);
  });

  it('tells a model that a person decides', () => {
    const approval = { id: 'a-1', reason: 'Mail needs a look.', expires_at: until, arguments_digest: 'd' };
    const waiting = { reason: 'awaiting_approval', approval };
    const { content, is_error: isError } = read(JSON.stringify({ status: 'waiting', waiting }));
    expect(JSON.parse(content)).toMatchObject({ status: 'waiting', approval_id: 'a-1' });
    expect(content).toContain('Mail needs a look.');
    expect(content).toContain('Do not call the tool again');
    expect(isError).toBe(false);
  });

  it('tells a model that a rehearsed call changed nothing', () => {
    const preview = { would: 'send', request: { method: 'POST', url: 'https://api.example.com/' } };
    const { content, is_error: isError } = read(JSON.stringify({ status: 'dry_run', preview }));
    expect(JSON.parse(content)).toMatchObject({ status: 'dry_run', preview });
    expect(isError).toBe(false);
    expect(read(JSON.stringify({ status: 'shadowed', preview })).content).toContain('not sent');
  });

  it('gives the model the link that its user has to open', () => {
    const connect_url = 'https://mesh.example.com/connect/link/x';
    const waiting = { reason: 'awaiting_auth', connect_url, missing_scopes: ['repo'] };
    const { content } = read(JSON.stringify({ status: 'waiting', waiting }));
    expect(content).toContain(connect_url);
    expect(content).toContain('grant repo');
    const unset = read(JSON.stringify({ status: 'waiting', waiting: { reason: 'awaiting_auth' } }));
    expect(unset.content).toContain('administrator');
  });

  it('says when a waiting call continues, and that a call without a result is done', () => {
    const waiting = JSON.stringify({ status: 'waiting', waiting: { reason: 'rate_limited', until } });
    expect(read(waiting).content).toContain(until);
    expect(read(waiting).content).not.toContain('rate_limited');
    const held = JSON.stringify({ status: 'waiting', waiting: { reason: 'switched_off' } });
    expect(read(held).content).toContain('continues by itself. ');
    expect(read('{"status":"succeeded","upstream":{"status_code":204}}').content).toBe('{"status":"done"}');
  });

  it('says which argument of a refusal is wrong', () => {
    const errors = [{ pointer: '/arguments/email', message: 'is required and missing' }];
    const answer = JSON.parse(answerOfRefusal({ detail: 'No.', errors }, turn)) as { content: string };
    expect(JSON.parse(answer.content)).toEqual({ is_error: true, message: 'No.', errors });
  });
});
