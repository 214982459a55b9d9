import { MeshError, errorMessage } from './errors.js';

class OutOfReach extends MeshError {
  readonly code = 'TEST_OUT_OF_REACH';
  readonly retry = 'retryable';
}

describe('MeshError', () => {
  it('is named after its class and keeps its cause', () => {
    const cause = new Error('ECONNREFUSED');
    const error = new OutOfReach('the broker is out of reach', { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('OutOfReach');
    expect(String(error)).toBe('OutOfReach: the broker is out of reach');
    expect(error.stack).toContain('errors.test');
    expect(error).toMatchObject({ cause, code: 'TEST_OUT_OF_REACH', retry: 'retryable' });
  });
});

describe('errorMessage', () => {
  const revoked = Proxy.revocable(new Error('gone'), {});
  revoked.revoke();
  const trap = Object.defineProperty(new Error(), 'message', {
    get: () => {
      throw new Error('a getter');
    },
  });
  const refused = Object.assign(new AggregateError([new Error('::1'), new Error('127.0.0.1')]), {
    code: 'ECONNREFUSED',
  });
  const unreadable = 'a value that is not an Error was thrown';

  it.each<[string, unknown, string]>([
    ['an error', new Error('no'), 'no'],
    ['a text', 'no', 'no'],
    ['an error without message', new TypeError(), 'TypeError'],
    ['a refused connection, which has a code alone', refused, 'ECONNREFUSED'],
    ['an error whose message is no text', Object.assign(new Error(), { message: { a: 1 } }), 'Error'],
    ['an empty text', '', unreadable],
    ['nothing', undefined, unreadable],
    ['null', null, unreadable],
    ['a number', 7, unreadable],
    ['an object with a secret', { password: 'x' }, unreadable],
    ['an error that cannot be read', trap, unreadable],
    ['a revoked proxy', revoked.proxy, unreadable],
  ])('of %s', (_, thrown, message) => {
    expect(errorMessage(thrown)).toBe(message);
  });
});
