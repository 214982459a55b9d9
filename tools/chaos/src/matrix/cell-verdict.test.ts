import { faultsOf, type ObservedCall } from './cell-verdict.js';

const good: ObservedCall = {
  effect: 'keyed',
  status: 'succeeded',
  state: 'SUCCEEDED',
  requests: 2,
  effects: 1,
  recovered: true,
  outcomes: [
    { seq: 1, status: 'succeeded', text: 'a' },
    { seq: 1, status: 'succeeded', text: 'a' },
  ],
};

describe('the verdict on a cell', () => {
  it('has no fault for one call with one effect and one outcome, published twice', () => {
    expect(faultsOf(good)).toEqual([]);
    expect(
      faultsOf({ ...good, effect: 'opaque', status: 'needs_review', state: 'NEEDS_REVIEW', requests: 1 }),
    ).toEqual([]);
  });

  it.each<[string, Partial<ObservedCall>, RegExp]>([
    ['a lost call', { status: undefined, state: 'DISPATCHING' }, /was lost/],
    ['an outcome that the ledger does not know', { state: 'DISPATCHING' }, /ledger says DISPATCHING/],
    ['a second effect', { effects: 2 }, /2 effects/],
    ['a success without effect', { effects: 0 }, /0 effects/],
    [
      'a person who is asked for nothing',
      { status: 'needs_review', state: 'NEEDS_REVIEW' },
      /keyed ended needs_review/,
    ],
    [
      'two outcomes that differ',
      { outcomes: [...good.outcomes, { seq: 1, status: 'succeeded', text: 'b' }] },
      /two different outcomes/,
    ],
    [
      'a second end',
      { outcomes: [...good.outcomes, { seq: 2, status: 'failed', text: 'c' }] },
      /ended 2 times/,
    ],
  ])('notices %s', (_name, changes, fault) => {
    expect(faultsOf({ ...good, ...changes }).join()).toMatch(fault);
  });
});
