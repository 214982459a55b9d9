import { assertNoCredentialDebugging } from './credential-debugging.js';

describe('assertNoCredentialDebugging', () => {
  it.each([
    '*',
    'simple-oauth2*',
    'simple-oauth2:client',
    'express:*, simple-oauth2:request-options',
    'simple*:*-options',
    '*,-simple-oauth2:client',
  ])('refuses DEBUG=%s', (DEBUG) => {
    expect(() => assertNoCredentialDebugging({ DEBUG })).toThrow(/DEBUG turns on simple-oauth2\*/);
  });

  it.each([
    undefined,
    '',
    'express:*',
    '*,-simple-oauth2*',
    'simple-oauth2',
    'simple-oauth',
    '-simple-oauth2*',
  ])('accepts DEBUG=%s', (DEBUG) => {
    expect(() => assertNoCredentialDebugging(DEBUG === undefined ? {} : { DEBUG })).not.toThrow();
  });
});
