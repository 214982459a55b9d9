import { codeResult, codeScope } from './code-scope.js';
import { dateText, later } from './date-text.js';
import { FlowValueError } from './flow-api.errors.js';
import {
  at,
  chunks,
  everyPair,
  kept,
  toList,
  pairedByField,
  pairedByPosition,
  sorted,
  unique,
} from './lists.js';
import {
  base64,
  ifEmpty,
  isEmpty,
  mailMessage,
  parseJson,
  toText,
  toBoolean,
  toNumber,
  toTime,
} from './values.js';

describe('values', () => {
  it('become text, with nothing for what is missing', () => {
    expect([null, undefined, 'a', 0, false, [1], { a: 1 }].map(toText)).toEqual([
      '',
      '',
      'a',
      '0',
      'false',
      '[1]',
      '{"a":1}',
    ]);
  });

  it('become numbers, and never a guess', () => {
    expect([7, '7', ' 7.50 ', '-1e2'].map(toNumber)).toEqual([7, 7, 7.5, -100]);
    for (const value of ['', 'x', null, undefined, [], {}, true, '7 apples', '0x10']) {
      expect(() => toNumber(value)).toThrow(FlowValueError);
    }
  });

  it('become booleans, and never a guess', () => {
    expect([true, 'TRUE', 'yes', 1, false, 'no', '0'].map(toBoolean)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    for (const value of ['', 'x', null, undefined, 2, []])
      expect(() => toBoolean(value)).toThrow(FlowValueError);
  });

  it('become instants, and never a guess', () => {
    const instant = Date.UTC(2026, 2, 5, 14, 7, 9);
    for (const text of [
      '2026-03-05T14:07:09Z',
      ' 2026-03-05 14:07:09z',
      '2026-03-05T15:07:09+01:00',
      '2026-03-05T08:37:09.000-0530',
      '2026-03-06T02:07:09+12',
    ])
      expect([text, toTime(text)]).toEqual([text, instant]);
    expect(toTime('2026-03-05T14:07:09.4568Z')).toBe(instant + 456);
    expect(toTime('2026-03-05')).toBe(Date.UTC(2026, 2, 5));
    expect(toTime('0001-01-01T00:00Z')).toBe(Date.parse('0001-01-01T00:00:00Z'));
    expect([toTime(1000), toTime(new Date(1000))]).toEqual([1000, 1000]);
  });

  it.each([
    'tomorrow',
    '',
    '01/02/2026',
    '1.2.2026',
    '5',
    '2026',
    '2026-03',
    'March 5, 2026',
    'Thu, 05 Mar 2026 14:07:09 GMT',
    '2026-03-05T14:07:09',
    '2026-03-05 14:07',
    '2026-02-30',
    '2026-13-01',
    '2026-03-05T24:00:00Z',
    '2026-03-05T14:07:09+25:00',
    '2026-03-05T14:07:09Z tomorrow',
    Number.NaN,
    Number.POSITIVE_INFINITY,
    8.64e15 + 1,
    new Date('x'),
    null,
    true,
    [1000],
  ])('are no instants when they are %j', (value) => {
    expect(() => toTime(value)).toThrow(FlowValueError);
  });

  it('do not appear in errors', () => {
    expect(() => toNumber('hunter2')).toThrow(/^(?!.*hunter2)/);
    expect(() => void parseJson('hunter2')).toThrow(/^(?!.*hunter2)/);
  });

  it('are empty, or replaced when they are', () => {
    expect([null, undefined, '', [], {}].every(isEmpty)).toBe(true);
    expect([0, false, ' ', [0], { a: 1 }].some(isEmpty)).toBe(false);
    expect([ifEmpty('', 'x'), ifEmpty(0, 'x')]).toEqual(['x', 0]);
  });

  it('make mails whose headers stay in their lines', () => {
    const raw = mailMessage({ to: 'a@example.com\r\nBcc: b@example.com', subject: 'Grüße', text: 'Hi' });
    const mail = Buffer.from(raw, 'base64url').toString('utf8');
    expect(mail.split('\r\n')).toEqual([
      'To: a@example.com Bcc: b@example.com',
      `Subject: =?UTF-8?B?${base64('Grüße')}?=`,
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'Hi',
    ]);
  });
});

describe('lists', () => {
  it('are made of anything', () => {
    expect([null, 1, [1, 2]].map(toList)).toEqual([[], [1], [1, 2]]);
  });

  it('lose ended items and become flat', () => {
    expect(kept([1, undefined, [2, 3], null])).toEqual([1, 2, 3, null]);
  });

  it('are split, sorted and made unique by paths', () => {
    expect(chunks([1, 2, 3], 2)).toEqual([[1, 2], [3]]);
    expect(sorted([{ a: 2 }, { a: 1 }], 'a')).toEqual([{ a: 1 }, { a: 2 }]);
    expect(sorted([{ a: 'x' }, { a: 'y' }], 'a', 'desc')).toEqual([{ a: 'y' }, { a: 'x' }]);
    expect(
      unique(
        [
          { a: { b: 1 }, c: 1 },
          { a: { b: 1 }, c: 2 },
        ],
        'a.b',
      ),
    ).toEqual([{ a: { b: 1 }, c: 1 }]);
    expect(at({ a: {} }, 'a.constructor')).toBeUndefined();
  });

  it('are joined by place, by fields, and each with each', () => {
    const left = [
      { id: 1, l: 1 },
      { id: 2, l: 2 },
    ];
    const right = [{ id: 2, r: 2 }];
    expect(pairedByPosition(left, right)).toEqual([{ id: 2, l: 1, r: 2 }]);
    expect(pairedByField(left, right, 'id', 'id')).toEqual([{ id: 2, l: 2, r: 2 }]);
    expect(everyPair(left, right)).toHaveLength(2);
  });
});

describe('dates as text', () => {
  const instant = '2026-03-05T14:07:09Z';

  it('read DD as a day for Moment and keep it for Luxon', () => {
    expect(dateText(instant, 'DD.MM.YYYY HH:mm [h]', 'moment')).toBe('05.03.2026 14:07 h');
    expect(dateText(instant, "dd.LL.yyyy h:mm a 'h'", 'luxon')).toBe('05.03.2026 2:07 PM h');
    expect(dateText(instant, 'DD', 'luxon')).toBe('DD');
  });

  it('use the time zone given', () => {
    expect(dateText('2026-07-01T23:30:00Z', 'yyyy-MM-dd HH:mm', 'luxon', 'Europe/Berlin')).toBe(
      '2026-07-02 01:30',
    );
  });

  it('move by units of one length', () => {
    expect(later(instant, -1, 'days').toISOString()).toBe('2026-03-04T14:07:09.000Z');
  });
});

describe('the scope of a code step', () => {
  it('has items, earlier nodes, a recorded clock and repeatable numbers', () => {
    const scope = codeScope({ input: [{ a: 1 }], nodes: { Old: [{ b: 2 }] }, now: new Date(5), seed: 's' });
    expect((scope.$input as { first: () => unknown }).first()).toEqual({ json: { a: 1 } });
    expect((scope.$('Old') as { item: unknown }).item).toEqual({ json: { b: 2 } });
    expect(scope.now).toBe(5);
    const again = codeScope({ input: [], seed: 's' });
    expect([scope.random(), scope.random()]).toEqual([again.random(), again.random()]);
  });

  it('copies its items, so code cannot change what was recorded', () => {
    const recorded = [{ a: 1 }];
    codeScope({ input: recorded }).item.json = { a: 2 };
    (codeScope({ input: recorded }).item.json as { a: number }).a = 3;
    expect(recorded).toEqual([{ a: 1 }]);
  });

  it('gives results without wrappers', () => {
    expect(codeResult([{ json: { a: 1 } }, { b: 2 }])).toEqual([{ a: 1 }, { b: 2 }]);
    expect(codeResult({ c: 3 })).toEqual([{ c: 3 }]);
  });
});
