import { isTransient, sqlState } from './postgres.errors.js';

const withCode = (code: string): Error => Object.assign(new Error('it failed'), { code });

it.each(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', '08006', '40001', '40P01', '57P01', '53300'])(
  '%s is transient',
  (code) => {
    expect(isTransient(withCode(code))).toBe(true);
  },
);

it.each(['23505', '22P02', 'P0001', 'MSH01', 'XX000'])('%s is not transient', (code) => {
  expect(isTransient(withCode(code))).toBe(false);
  expect(sqlState(withCode(code))).toBe(code);
});

it('a broken pipe is not an SQLSTATE', () => {
  expect(sqlState(withCode('EPIPE'))).toBeUndefined();
});
