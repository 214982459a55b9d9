import type { Tried } from '@action-mesh/contracts/executor';
import { defined } from '@action-mesh/kernel';

import { mayHaveActed, triedFile, triedRequest, withTried } from './attempt-history.js';

const entry = (kind: Tried['kind'], evidence: Tried['evidence'], status?: number): Tried => ({
  attempt: 1,
  at: '2026-01-01T00:00:00.000Z',
  kind,
  evidence,
  ...defined({ status_code: status }),
});
const silence = entry('request', 'unanswered');
const absent = entry('probe', 'absent');

const retry = { max_attempts: 3, initial_backoff_ms: 0, max_backoff_ms: 0 };

describe('whether a call may have acted', () => {
  it.each([
    ['nothing was tried', [], false],
    ['it never left', [entry('request', 'not_sent')], false],
    ['it was refused', [entry('request', 'answered', 429)], false],
    ['it was not answered', [silence], true],
    ['a server error came', [entry('request', 'answered', 502)], true],
    ['its time was up at the provider', [entry('request', 'answered', 408)], true],
    ['a later one was refused', [silence, entry('request', 'answered', 429)], true],
    ['it was absent once', [silence, absent], true],
    ['it was absent twice', [silence, absent, absent], false],
    [
      'it was absent twice with doubt in between',
      [silence, absent, entry('probe', 'unanswered'), absent],
      true,
    ],
    ['somebody says that it did not', [silence, entry('person', 'absent')], false],
    ['it went unanswered again after that', [silence, entry('person', 'absent'), silence], true],
  ] as const)('when %s', (_, history, expected) => {
    expect(mayHaveActed(history)).toBe(expected);
  });
});

describe('the history of attempts', () => {
  it('keeps the newest twenty', () => {
    let history: readonly Tried[] = [];
    for (let attempt = 1; attempt <= 25; attempt += 1) history = withTried(history, { ...silence, attempt });
    expect(history).toHaveLength(20);
    expect(history.at(-1)?.attempt).toBe(25);
    expect(history[0]?.attempt).toBe(6);
  });

  it('describes an answer by its status and all other evidence in words', () => {
    expect(triedRequest(2, { kind: 'answered', status: 503 }, retry, 0)).toEqual({
      attempt: 2,
      at: '1970-01-01T00:00:00.000Z',
      kind: 'request',
      evidence: 'answered',
      status_code: 503,
    });
    const refusal = triedRequest(2, { kind: 'answered', status: 503, retryAfterMs: 0 }, retry, 0);
    expect(mayHaveActed([refusal])).toBe(false);
    expect(triedRequest(2, { kind: 'unanswered', message: 'reset' }, retry, 0)).toMatchObject({
      message: 'reset',
    });
  });
});

describe('files that could not be loaded', () => {
  const failure = { code: 'file_not_fetched', category: 'network', message: 'gone' } as const;

  it('make one entry with their number in a row, which the next request replaces', () => {
    let history: readonly Tried[] = [silence];
    for (let times = 1; times <= 3; times += 1)
      history = withTried(history, triedFile(history, 1, failure, 0));
    expect(history).toMatchObject([{ evidence: 'unanswered' }, { kind: 'file', times: 3, message: 'gone' }]);
    expect(withTried(history, silence)).toEqual([silence, silence]);
  });

  it('push out no request that may have taken effect', () => {
    const refused = { ...entry('request', 'answered', 429), refused: true } as const;
    const full = [silence, ...Array.from({ length: 19 }, () => refused)];
    expect(mayHaveActed(withTried(full, triedFile(full, 1, failure, 0)))).toBe(true);
  });
});
