import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { UserTokens, userTokenAudience } from '@action-mesh/identity';
import { leakCheck, waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

import { askBroker, BrokerHarness, platformCaller } from './broker-harness.js';

jest.setTimeout(120_000);

let mesh: BrokerHarness;
let server: Server;
let url: string;
let answer: { readonly status: number; readonly body: string } = { status: 404, body: '' };

beforeAll(async () => {
  mesh = await BrokerHarness.start();
  server = createServer((_request, response) => {
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await mesh[Symbol.asyncDispose]();
});

leakCheck();

const issuer = 'https://login.acme.example';

describe('the JWK set of an issuer', () => {
  it('lets users of the tenant prove themselves', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    answer = {
      status: 200,
      body: JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1' }] }),
    };
    await using broker = await mesh.broker({ EGRESS_ALLOW: new URL(url).host });
    await using door = await mesh.door();
    const put = await askBroker(broker, platformCaller, 'PUT', '/tenants/acme', {
      issuers: [{ issuer, jwks_url: url }],
    });
    expect(put).toMatchObject({ status: 200, body: { issuers: [{ key_ids: ['k1'], left_out: [] }] } });
    const token = await new SignJWT()
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .setIssuer(issuer)
      .setAudience(userTokenAudience('acme'))
      .setSubject('ada')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey);
    const tokens = new UserTokens(door.directory);
    await waitFor(async () => (await tokens.authenticate(token, Date.now())).ok, {
      what: 'the keys at the door',
    });
  });

  it('stays in force when its address fails', async () => {
    answer = { status: 500, body: 'secret of the inner network' };
    await using broker = await mesh.broker({ EGRESS_ALLOW: new URL(url).host });
    const put = await askBroker(broker, platformCaller, 'PUT', '/tenants/acme', {
      issuers: [{ issuer, jwks_url: url }],
    });
    expect(put.body).toMatchObject({
      issuers: [{ key_ids: ['k1'], problem: 'the answer has the status 500' }],
    });
    expect(JSON.stringify(put.body)).not.toContain('secret');
  });

  it('is not read from an address of this network, unless the operator allows it', async () => {
    answer = { status: 200, body: '{"keys":[]}' };
    await using broker = await mesh.broker();
    const put = await askBroker(broker, platformCaller, 'PUT', '/tenants/globex', {
      issuers: [{ issuer, jwks_url: url }],
    });
    expect(put.body).toMatchObject({
      issuers: [{ key_ids: [], problem: expect.stringContaining('not allowed') as unknown }],
    });
  });
});
