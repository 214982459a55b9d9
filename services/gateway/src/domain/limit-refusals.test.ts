import { limitRefused } from './limit-refusals.js';

describe('limitRefused', () => {
  it.each([
    [404, 'limit_not_found'],
    [409, 'limit_is_code'],
    [422, 'invalid_limit'],
    [400, 'invalid_limit'],
  ])('is for %i %s, with its message and places', (status, refusal) => {
    const problems = [{ pointer: '/id', message: 'is wrong' }];
    expect(limitRefused(status, 'It is so.', problems)).toMatchObject({
      refusal,
      message: 'It is so.',
      problems,
      fix: expect.any(String) as string,
    });
  });
});
