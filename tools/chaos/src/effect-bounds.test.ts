import { effectBounds, effectFault, endsByItself } from './effect-bounds.js';

describe('effectBounds (I2)', () => {
  it('allows a read no effect, with any end', () => {
    expect(effectBounds('read', 'succeeded', 3)).toEqual({ least: 0, most: 0 });
    expect(effectBounds('read', undefined, 3)).toEqual({ least: 0, most: 0 });
  });

  it.each(['idempotent', 'keyed', 'probeable', 'opaque'] as const)(
    'requires exactly one effect of a successful %s',
    (effect) => {
      expect(effectBounds(effect, 'succeeded', 2)).toEqual({ least: 1, most: 1 });
      expect(effectBounds(effect, 'needs_review', 2)).toEqual({ least: 0, most: 1 });
      expect(effectBounds(effect, 'failed', 2)).toEqual({ least: 0, most: 0 });
    },
  );

  it('lets a call die with an effect only when sending it again is safe', () => {
    expect(effectBounds('keyed', 'dead', 2)).toEqual({ least: 0, most: 1 });
    expect(effectBounds('probeable', 'dead', 2)).toEqual({ least: 0, most: 0 });
    expect(effectBounds('opaque', 'dead', 2)).toEqual({ least: 0, most: 0 });
  });

  it('allows one effect per request for a call that may be repeated', () => {
    expect(effectBounds('at_least_once', 'succeeded', 3)).toEqual({ least: 1, most: 3 });
  });

  it('leaves only opaque calls to a person', () => {
    expect(endsByItself('opaque')).toBe(false);
    expect(endsByItself('probeable')).toBe(true);
  });
});

describe('effectFault', () => {
  it('names a duplicated, a lost and an invented effect', () => {
    expect(effectFault('keyed', 'succeeded', { requests: 2, effects: 2 })).toContain(
      '2 effects in 2 requests, allowed 1',
    );
    expect(effectFault('keyed', 'succeeded', { requests: 1, effects: 0 })).toContain('0 effects');
    expect(effectFault('opaque', 'failed', { requests: 1, effects: 1 })).toContain('allowed 0');
    expect(effectFault('opaque', 'needs_review', { requests: 1, effects: 1 })).toBeUndefined();
  });
});
