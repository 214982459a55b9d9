import { readDelivery } from './delivery-content.js';
import { quoteInexactNumbers } from './inexact-numbers.js';

const read = (
  scheme: Parameters<typeof readDelivery>[0],
  kind: Parameters<typeof readDelivery>[1],
  body: string | Buffer,
) => readDelivery(scheme, kind, Buffer.from(body));

describe('the content of a delivery', () => {
  it('is its JSON, with the digits of large numbers', () => {
    const body =
      '{"id":820982911946154508,"n":-9007199254740993,"s":"1e999 \\" 99999999999999999999","f":1.5,"e":1e400}';
    expect(read('shopify', 'json', body).payload).toEqual({
      id: '820982911946154508',
      n: '-9007199254740993',
      s: '1e999 " 99999999999999999999',
      f: 1.5,
      e: '1e400',
    });
  });

  it('is a form, or the JSON of its only field payload', () => {
    expect(read('slack', 'form', 'command=%2Fdeploy&text=&trigger_id=13.7&a=1&a=2')).toEqual({
      payload: { command: '/deploy', text: '', trigger_id: '13.7', a: ['1', '2'] },
      eventId: '13.7',
      challenge: undefined,
    });
    expect(read('github', 'form', `payload=${encodeURIComponent('{"zen":"x"}')}`).payload).toEqual({
      zen: 'x',
    });
    expect(Object.getPrototypeOf(read('slack', 'form', '__proto__=1&b=2').payload)).toBe(Object.prototype);
  });

  it('names the id of its event', () => {
    expect(read('stripe', 'json', '{"id":"evt_1"}').eventId).toBe('evt_1');
    expect(read('slack', 'json', '{"event_id":"Ev1","type":"event_callback"}').eventId).toBe('Ev1');
    const events = [
      { eventId: 7, attemptNumber: 0 },
      { eventId: 8, attemptNumber: 0 },
    ];
    const again = events.map((event) => ({ ...event, attemptNumber: 1 }));
    const idOf = (value: unknown) => read('hubspot', 'json', JSON.stringify(value)).eventId;
    expect(idOf(events)).toBe('7,8');
    expect(idOf(again)).toBe('7,8');
    expect(idOf([{ eventId: 7 }, {}])).toBeUndefined();
    expect(read('github', 'json', '{"id":"evt_1"}').eventId).toBeUndefined();
  });

  it('has a challenge of Slack alone', () => {
    const body = '{"type":"url_verification","challenge":"3eZbrw1a"}';
    expect(read('slack', 'json', body).challenge).toBe('3eZbrw1a');
    expect(read('github', 'json', body).challenge).toBeUndefined();
  });

  it.each<[string, string | Buffer, 'json' | 'form' | 'other']>([
    ['broken JSON', '{"a":', 'json'],
    ['a twin name', '{"a":1,"a":2}', 'json'],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'json'],
    ['a name that changes prototypes', '{"__proto__":{}}', 'json'],
    ['half a surrogate pair', '"\\ud800"', 'json'],
    ['deep JSON', '['.repeat(100_000), 'json'],
    ['a form with many fields', 'a=1&'.repeat(1_001), 'form'],
    ['a picture', 'GIF89a', 'other'],
  ])('is refused for %s, with a reason', (_what, body, kind) => {
    expect(() => read('github', kind, body)).toThrow(/^The signature is right, and|^The form has more than/);
  });

  it('may be absent', () => {
    expect(read('github', 'other', '').payload).toEqual({});
  });
});

describe('quoteInexactNumbers', () => {
  it('leaves other texts as they are', () => {
    for (const text of ['', '{}', '[1,-2.5e3]', '"9".9', '9007199254740991', '01234567890123456789', '"\\'])
      expect(quoteInexactNumbers(text)).toBe(text);
  });

  it('takes time linear in the text', () => {
    const shortest = (text: string): number =>
      Math.min(
        ...[1, 2, 3].map(() => {
          const startMs = performance.now();
          quoteInexactNumbers(text);
          return performance.now() - startMs;
        }),
      );
    for (const piece of ['"\\', '9', '-', '9007199254740993,', '1e']) {
      const one = shortest(piece.repeat(50_000));
      // Four times the length. Quadratic work would take sixteen times as long.
      expect(shortest(piece.repeat(200_000))).toBeLessThan(10 * one + 50);
    }
  });
});
