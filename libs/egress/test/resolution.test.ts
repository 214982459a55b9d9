import type { ResolvedAddress } from '../src/index.js';
import { post, setUpBench } from './bench.js';
import type { RawServer } from './raw-server.js';
import { answering, okResponse } from './raw-server.js';

const bench = setUpBench();
const v4 = (address: string): ResolvedAddress => ({ address, family: 4 });

/** A resolver that returns these answers in turn, and the last one from then on. It counts its calls. */
function answers(...turns: ResolvedAddress[][]) {
  const asked: string[] = [];
  const resolve = (hostname: string): Promise<ResolvedAddress[]> => {
    asked.push(hostname);
    return Promise.resolve(turns[Math.min(asked.length, turns.length) - 1] ?? []);
  };
  return { asked, resolve };
}

describe('a name', () => {
  // 127.0.0.2 stands for the public address. It is listed, because no test can listen on a public one. 127.0.0.1 is the
  // private one.
  let good: RawServer;
  let evil: RawServer;
  beforeEach(async () => {
    good = await bench.serve(answering(okResponse('good', 'connection: close\r\n')), { host: '127.0.0.2' });
    evil = await bench.serve(answering(okResponse('evil')));
  });
  const allowGood = (): { allow: string[] } => ({
    allow: [`127.0.0.2:${good.port}`, `127.0.0.2:${evil.port}`],
  });

  it('is resolved once, and egress dials the checked address', async () => {
    const { asked, resolve } = answers([v4('127.0.0.2')], [v4('127.0.0.1')]);
    const egress = bench.egress({ ...allowGood(), resolve });
    const attempt = await post(egress, `http://rebind.example:${good.port}/`);
    expect(attempt).toMatchObject({ status: 200, body: Buffer.from('good') });
    expect(asked).toEqual(['rebind.example']);
  });

  it('is checked again for each new connection', async () => {
    const { asked, resolve } = answers([v4('127.0.0.2')], [v4('127.0.0.1')]);
    const egress = bench.egress({ ...allowGood(), resolve });
    await post(egress, `http://rebind.example:${good.port}/`);
    const attempt = await post(egress, `http://rebind.example:${good.port}/`);
    expect(attempt).toMatchObject({ kind: 'not_sent', reason: 'denied', code: 'EGRESS_DENIED_ADDRESS' });
    expect(asked).toHaveLength(2);
    expect(evil.sockets).toHaveLength(0);
  });

  it('is refused for one bad address among good ones', async () => {
    for (const bad of ['127.0.0.1', '169.254.169.254', '10.0.0.1']) {
      const { resolve } = answers([v4('127.0.0.2'), v4(bad)]);
      const attempt = await post(
        bench.egress({ ...allowGood(), resolve }),
        `http://mixed.example:${good.port}/`,
      );
      expect(attempt).toMatchObject({ kind: 'not_sent', code: 'EGRESS_DENIED_ADDRESS' });
    }
    expect(good.sockets).toHaveLength(0);
  });

  it.each(['::1', '::ffff:127.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::', 'fe80::1%lo', 'fd00::1'])(
    'is refused for %s',
    async (address) => {
      const { resolve } = answers([{ address, family: 6 }]);
      const attempt = await post(bench.egress({ ...allowGood(), resolve }), 'https://six.example/');
      expect(attempt).toMatchObject({ kind: 'not_sent', code: 'EGRESS_DENIED_ADDRESS' });
    },
  );

  it("in the operator's list may be private", async () => {
    const { resolve } = answers([v4('127.0.0.1')]);
    const egress = bench.egress({ allow: [`gitlab.internal:${evil.port}`], resolve });
    const attempt = await post(egress, `http://gitlab.internal:${evil.port}/`);
    expect(attempt).toMatchObject({ status: 200 });
  });

  it('shows its address to the audit, and hides it from the caller', async () => {
    const { resolve } = answers([v4('10.11.12.13')]);
    const attempt = await post(bench.egress({ resolve }), 'https://inside.example/');
    if (attempt.kind !== 'not_sent') throw new Error('it was sent');
    expect(attempt.detail).toBe('inside.example:443 at 10.11.12.13 (private)');
    expect(attempt.message).not.toMatch(/10\.|private|inside/);
  });
});

it('policies do not share connections', async () => {
  const server = await bench.serve(answering(okResponse()));
  expect(await post(bench.egress(), server.url)).toMatchObject({ status: 200 });
  expect(await post(bench.egress({ allow: [] }), server.url)).toMatchObject({
    code: 'EGRESS_DENIED_ADDRESS',
  });
  expect(server.sockets).toHaveLength(1);
});
