import { KeyUses } from './key-uses.js';

function stage() {
  const sent: (readonly [string, number])[][] = [];
  const state: { failure: Error | undefined } = { failure: undefined };
  const uses = new KeyUses({
    send(reported) {
      if (state.failure !== undefined) return Promise.reject(state.failure);
      sent.push([...reported]);
      return Promise.resolve();
    },
  });
  return { uses, sent, state };
}

describe('KeyUses', () => {
  it('reports the last use of each key once', async () => {
    const { uses, sent } = stage();
    uses.record('a', 1);
    uses.record('b', 2);
    uses.record('a', 3);
    await uses.flush();
    expect(sent).toEqual([
      [
        ['a', 3],
        ['b', 2],
      ],
    ]);
    await uses.flush();
    expect(sent).toHaveLength(1);
  });

  it('keeps a report that failed for the next one, below newer uses', async () => {
    const { uses, sent, state } = stage();
    uses.record('a', 1);
    uses.record('b', 1);
    state.failure = new Error('away');
    await expect(uses.flush()).rejects.toThrow('away');
    uses.record('a', 5);
    state.failure = undefined;
    await uses.flush();
    expect(new Map(sent[0])).toEqual(
      new Map([
        ['a', 5],
        ['b', 1],
      ]),
    );
  });

  it('splits a report of many keys', async () => {
    const { uses, sent } = stage();
    for (let index = 0; index < 2_500; index += 1) uses.record(`k${index}`, index);
    await uses.flush();
    expect(sent.map((part) => part.length)).toEqual([1_000, 1_000, 500]);
  });
});
