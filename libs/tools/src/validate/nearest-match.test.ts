import { nearestMatch } from './nearest-match.js';

const fields = ['email', 'first_name', 'last_name', 'company', 'to', 'cc'];

describe('nearestMatch', () => {
  it.each([
    ['emial', 'email'],
    ['Email', 'email'],
    ['firstName', 'first_name'],
    ['first-nmae', 'first_name'],
    ['compny', 'company'],
    ['tp', 'to'],
  ])('finds for %s the name %s', (given, expected) => {
    expect(nearestMatch(given, fields)).toBe(expected);
  });

  it.each(['', 'phone', 'x', 'zz', 'e'.repeat(100)])('finds nothing near %s', (given) => {
    expect(nearestMatch(given, fields)).toBeUndefined();
  });

  it('prefers the nearer of two', () => {
    expect(nearestMatch('status_coda', ['status_mode', 'status_code'])).toBe('status_code');
  });
});
