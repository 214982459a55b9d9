import { waitFor } from './wait-for.js';

describe('waitFor', () => {
  it('returns the first value that is not undefined, null or false', async () => {
    const looks = [undefined, null, false, 0];
    await expect(waitFor(() => looks.shift(), { what: 'a value', intervalMs: 1 })).resolves.toBe(0);
  });

  it('continues after a look that throws', async () => {
    let looks = 0;
    const value = await waitFor(
      () => {
        looks += 1;
        if (looks < 3) throw new Error('not yet');
        return 'there';
      },
      { what: 'it', intervalMs: 1 },
    );
    expect(value).toBe('there');
  });

  it('names the awaited condition and the result of the last look', async () => {
    const failing = waitFor(
      () => {
        throw new Error('connection refused');
      },
      { what: 'the broker', timeoutMs: 5, intervalMs: 1 },
    );
    await expect(failing).rejects.toMatchObject({
      code: 'TESTING_WAIT_TIMEOUT',
      message: 'waited 5 ms for the broker (last look: connection refused)',
    });
  });
});
