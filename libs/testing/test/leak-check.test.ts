import { once } from 'node:events';
import { createServer } from 'node:net';
import { assertNoLeaks, takeCensus } from '../src/index.js';

describe('the leak check', () => {
  it('names the resources that a test left open, and passes once they are closed', async () => {
    const before = takeCensus();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const timer = setTimeout(() => undefined, 60_000);
    await expect(assertNoLeaks(before, { settleMs: 20 })).rejects.toMatchObject({
      code: 'TESTING_LEAK',
      message: expect.stringMatching(/1 TCPServerWrap/) as unknown,
    });
    clearTimeout(timer);
    server.close();
    await expect(assertNoLeaks(before)).resolves.toBeUndefined();
  });

  it('sees timers, and waits for timers that end by themselves', async () => {
    const before = takeCensus();
    // Several timers, since one of the test runner's may end meanwhile and hide one.
    const endless = Array.from({ length: 5 }, () => setTimeout(() => undefined, 60_000));
    await expect(assertNoLeaks(before, { settleMs: 20 })).rejects.toThrow(/\d Timeout/);
    for (const timer of endless) clearTimeout(timer);
    setTimeout(() => undefined, 50);
    await expect(assertNoLeaks(before)).resolves.toBeUndefined();
  });
});
