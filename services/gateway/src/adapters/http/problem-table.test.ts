import {
  BacklogFullError,
  MeshUnavailableError,
  QuotaSpentError,
  RequestRefusedError,
  refusalCodes,
  SwitchedOffError,
  ToolkitChangedError,
} from '../../domain/gateway.errors.js';
import { HttpProblemError } from './problem.js';
import { problemOf } from './problem-table.js';
import { protocolProblem } from './protocol-problem.js';

describe('problemOf', () => {
  it.each(refusalCodes)('gives %s a 4xx status, its code and a fix', (code) => {
    const refused = new RequestRefusedError(code, 'Something is wrong.', 'Mend it.', {
      problems: [{ pointer: '/x', message: 'is wrong' }],
    });
    const problem = problemOf(refused)?.problem;
    expect(problem).toEqual({
      type: `urn:action-mesh:problem:${code}`,
      status: expect.any(Number) as number,
      title: expect.any(String) as string,
      code,
      detail: 'Something is wrong.',
      fix: 'Mend it.',
      errors: [{ pointer: '/x', message: 'is wrong' }],
    });
    expect(problem?.status).toBeGreaterThanOrEqual(400);
    expect(problem?.status).toBeLessThan(500);
  });

  it('tells when to retry an unavailable mesh, and which call may have been accepted', () => {
    const answer = problemOf(new MeshUnavailableError('away', { callId: 'c1' }));
    expect(answer?.problem).toMatchObject({ status: 503, code: 'mesh_unavailable', call_id: 'c1' });
    expect(Number(answer?.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('gives another fix when a repetition does not help', () => {
    const calls = problemOf(new MeshUnavailableError('away'))?.problem;
    const other = problemOf(new MeshUnavailableError('away', { fix: 'Look first.' }))?.problem;
    expect([calls?.fix, other?.fix]).toEqual([expect.stringContaining('cannot run twice'), 'Look first.']);
  });

  it('names the call that a refused request made', () => {
    const call = { callId: 'c1', traceId: 't1' };
    const refused = new RequestRefusedError('idempotency_key_conflict', 'Used.', 'Use another.', { call });
    expect(problemOf(refused)?.problem).toMatchObject({ status: 422, call_id: 'c1', trace_id: 't1' });
  });

  it('tells that a request may be repeated after another change of the toolkit', () => {
    const answer = problemOf(new ToolkitChangedError('changed'));
    expect(answer?.problem).toMatchObject({ status: 409, code: 'toolkit_changed', retry_after: 1 });
    expect(answer?.headers).toEqual({ 'retry-after': '1' });
  });

  it('tells when a full backlog has room again', () => {
    const answer = problemOf(new BacklogFullError(2_000, 7));
    expect(answer?.problem).toMatchObject({ status: 429, code: 'tenant_backlog_full' });
    expect(answer?.headers).toEqual({
      'ratelimit-limit': '2000',
      'ratelimit-remaining': '0',
      'ratelimit-reset': '7',
      'retry-after': '7',
    });
  });

  it('tells when a spent quota is free again', () => {
    const spent = { owner: 'key', what: 'calls', period: 'second', limit: 5, retryAfterS: 3 } as const;
    const answer = problemOf(new QuotaSpentError(spent));
    expect(answer?.problem).toMatchObject({ status: 429, code: 'quota_spent', retry_after: 3 });
    expect(answer?.headers).toEqual({
      'ratelimit-limit': '5',
      'ratelimit-remaining': '0',
      'ratelimit-reset': '3',
      'retry-after': '3',
    });
  });

  it('names the kill switch that covers a call, with its reason', () => {
    const answer = problemOf(new SwitchedOffError('s1', 'the provider is down'));
    expect(answer?.problem).toMatchObject({
      status: 423,
      code: 'switched_off',
      switch_id: 's1',
      detail: expect.stringContaining('the provider is down') as string,
    });
  });

  it('passes problems on, and does not translate a defect', () => {
    const problem = new HttpProblemError(protocolProblem(404));
    expect(problemOf(problem)).toBe(problem);
    expect(problemOf(new TypeError('x is not a function'))).toBeUndefined();
    expect(problemOf('text')).toBeUndefined();
  });
});

describe('protocolProblem', () => {
  it('names the limit of the route for a body that is too large', () => {
    expect(protocolProblem(413, 1_234).detail).toContain('1234 bytes');
  });

  it.each([400, 404, 413, 414, 415, 418])('has words for %i', (status) => {
    const problem = protocolProblem(status);
    expect(problem.status).toBe(status);
    expect(problem.fix).toBeDefined();
  });
});
