import { request as httpRequest, type ClientRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

import { waitFor } from '@action-mesh/testing';

import type { Egress, GuardedAgents, ResolvedAddress } from '../src/index.js';
import { setUpBench } from './bench.js';
import { answering, certificate, okResponse } from './raw-server.js';

const bench = setUpBench();
const answer = okResponse('fine', 'connection: close\r\n');
const v4 = (address: string): ResolvedAddress => ({ address, family: 4 });

/** Sends a GET by `node:http` with guarded agents. */
async function get(egress: Egress, url: string) {
  const agents = egress.agents();
  const body = await new Promise<string>((resolve) => {
    const request: ClientRequest = url.startsWith('https:')
      ? httpsRequest(url, { agent: agents.https })
      : httpRequest(url, { agent: agents.http });
    request.on('error', (error) => resolve(`error ${error.name}`));
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => (text += piece));
      response.on('end', () => resolve(text));
    });
    request.end();
  });
  agents.destroy();
  return { body, agents };
}

describe('guarded agents', () => {
  it('let a listed address pass', async () => {
    const server = await bench.serve(answering(answer));
    const { body, agents } = await get(bench.egress(), server.url);
    expect(body).toBe('fine');
    expect(agents.failure).toBeUndefined();
    expect(agents.isConnected).toBe(true);
  });

  it('refuse a literal address, which Node never looks up (GA1)', async () => {
    const server = await bench.serve(answering(answer));
    const { agents } = await get(bench.egress({ allow: [] }), server.url);
    expect(agents.failure).toMatchObject({ reason: 'denied' });
    expect(agents.isConnected).toBe(false);
    expect(server.sockets).toHaveLength(0);
  });

  it.each(['127.0.0.1', '169.254.169.254', '10.0.0.1'])(
    'refuse a name that stands for %s (GA1)',
    async (address) => {
      const egress = bench.egress({ resolve: () => Promise.resolve([v4(address)]), allow: [] });
      const { agents } = await get(egress, 'https://inside.example/');
      expect(agents.failure).toMatchObject({ reason: 'denied', code: 'EGRESS_DENIED_ADDRESS' });
      expect(agents.isConnected).toBe(false);
    },
  );

  it('refuse plain http that is not listed', async () => {
    const { agents } = await get(bench.egress({ allow: [] }), 'http://example.com/');
    expect(agents.failure).toMatchObject({ code: 'EGRESS_DENIED_SCHEME' });
  });

  it('resolve a name once and dial the checked address (GA1)', async () => {
    const server = await bench.serve(answering(answer), { host: '127.0.0.2' });
    const asked: string[] = [];
    const egress = bench.egress({
      allow: [`127.0.0.2:${server.port}`],
      resolve: (hostname) => {
        asked.push(hostname);
        return Promise.resolve([v4(asked.length === 1 ? '127.0.0.2' : '127.0.0.1')]);
      },
    });
    expect((await get(egress, `http://rebind.example:${server.port}/`)).body).toBe('fine');
    expect(asked).toEqual(['rebind.example']);
  });

  it('speak TLS with the authorities of the policy alone', async () => {
    const server = await bench.serve(answering(answer), { tls: true });
    const url = `https://127.0.0.1:${server.port}/`;
    expect((await get(bench.egress({ ca: certificate() }), url)).body).toBe('fine');
    const { agents } = await get(bench.egress(), url);
    expect(agents.failure).toMatchObject({ reason: 'tls' });
    expect(agents.isConnected).toBe(false);
  });

  it('end an exchange at once (GA3)', async () => {
    const server = await bench.serve(() => undefined);
    const agents: GuardedAgents = bench.egress().agents();
    const ended = new Promise<string>((resolve) => {
      const request = httpRequest(server.url, { agent: agents.http });
      request.on('error', (error) => resolve(error.name));
      request.end();
    });
    await waitFor(() => agents.isConnected, { what: 'the connection' });
    agents.destroy();
    expect(await ended).toBe('Error');
  });
});
