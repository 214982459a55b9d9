import { nearestMatch } from './nearest-match.js';

const tools = ['crm_find', 'slack_send_message', 'slack_send_messages', 'slack_read_thread', 'pay', 'ping'];
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

  it.each([
    ['slack_send_mesage', 'slack_send_message'],
    ['slack_sned_message', 'slack_send_message'],
    ['slack_sendmessage', 'slack_send_message'],
    ['slackk_read_thred', 'slack_read_thread'],
    ['slack-read-thread', 'slack_read_thread'],
    ['SlackReadThread', 'slack_read_thread'],
    ['crm_fidn', 'crm_find'],
    ['crmfnd', 'crm_find'],
    ['apy', 'pay'],
    ['ping', 'ping'],
  ])('finds for %s the tool %s', (given, expected) => {
    expect(nearestMatch(given, tools)).toBe(expected);
  });

  it.each(['slack_delete_message', 'crm', 'play_g', 'pingpong', '', 'x'.repeat(65), '💥'])(
    'finds no tool near %j',
    (given) => expect(nearestMatch(given, tools)).toBeUndefined(),
  );

  it('takes the first in alphabetical order of two that are equally near', () => {
    expect(nearestMatch('crm_fin_', ['crm_finb', 'crm_fina'])).toBe('crm_fina');
    expect(nearestMatch('crm_fin_', ['crm_fina', 'crm_finb'])).toBe('crm_fina');
  });

  it('agrees with the table of all distances', () => {
    const letters = ['a', 'b', 'c'];
    let seed = 7;
    const next = (below: number): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    const word = (): string => Array.from({ length: 3 + next(8) }, () => letters[next(3)]).join('');
    for (let round = 0; round < 5_000; round += 1) {
      const [given, name] = [word(), word()];
      const shorter = Math.min(given.length, name.length);
      const isNear = wholeTable(given, name) <= (shorter <= 4 ? 1 : shorter <= 8 ? 2 : 3);
      expect([given, name, nearestMatch(given, [name])]).toEqual([given, name, isNear ? name : undefined]);
    }
  });
});

/** Optimal string alignment, as in the book. */
function wholeTable(left: string, right: string): number {
  const table = Array.from({ length: left.length + 1 }, (_, row) =>
    Array.from({ length: right.length + 1 }, (__, column) => (row === 0 ? column : row)),
  );
  const at = (row: number, column: number): number => table[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= left.length; row += 1) {
    for (let column = 1; column <= right.length; column += 1) {
      const changed = left[row - 1] === right[column - 1] ? 0 : 1;
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      table[row]?.splice(
        column,
        1,
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + changed,
          swapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  return at(left.length, right.length);
}
