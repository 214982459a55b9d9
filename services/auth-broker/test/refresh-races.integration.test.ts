import { get } from 'node:http';

import { Egress } from '@action-mesh/egress';
import { defineProvider, type OAuth2Auth } from '@action-mesh/providers';
import { leakCheck, QuirkServer } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { SimpleOAuth2Client } from '../src/adapters/oauth/simple-oauth2-client.js';
import { BrokerInstance, StageIntegrations } from './broker-instance.js';
import { ConnectionStage } from './connection-stage.js';

jest.setTimeout(240_000);

const ended = `expires_at = clock_timestamp() - interval '1 second', issued_at = clock_timestamp() - interval '1 hour'`;
const later = 'next_attempt_at = NULL';

let stage: ConnectionStage;
let server: QuirkServer;
let egress: Egress;
let integrations: StageIntegrations;
let brokers: BrokerInstance[];

beforeAll(async () => {
  stage = await ConnectionStage.start();
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await stage.reset();
  server = await QuirkServer.start();
  egress = new Egress({ allow: ['127.0.0.1:*'] });
  integrations = new StageIntegrations();
  const oauth = new SimpleOAuth2Client(egress);
  brokers = [0, 1, 2].map(() => new BrokerInstance(stage, integrations, oauth));
});
afterEach(async () => {
  await Promise.all(brokers.map(({ refresh }) => refresh.idle()));
  await egress[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});
leakCheck();

/** Connects an account at the server, with refreshes of this kind. */
async function connect(refresh: NonNullable<OAuth2Auth['refresh']>): Promise<string> {
  const { authorization, token, revocation } = server.endpoints;
  integrations.known = {
    ...integrations.known,
    clientId: 'quirk-client',
    clientSecret: 'quirk-secret',
    hosts: [server.host],
    provider: defineProvider({
      id: 'stage',
      name: 'Stage',
      auth: {
        kind: 'oauth2',
        authorizationUrl: authorization,
        tokenUrl: token,
        revocation: { url: revocation },
        refresh,
      },
      hosts: [server.host],
      credential: [{ in: 'header', name: 'authorization', value: 'Bearer {access_token}' }],
      sources: [
        { fact: 'a provider of tests', url: 'https://stage.example.com/docs', checked: '2026-11-30' },
      ],
    }),
  };
  const { accessToken, refreshToken } = server.grant();
  return stage.connect({ credential: { kind: 'oauth2', accessToken, refreshToken } });
}

function brokerAt(index: number): BrokerInstance {
  const broker = brokers[index];
  if (broker === undefined) throw new Error('no such broker');
  return broker;
}

/** 200 callers at 3 brokers. Some ask again while the first refresh is under way. */
function storm(): Promise<string[]> {
  return Promise.all(Array.from({ length: 200 }, (_, n) => brokerAt(n % 3).token()));
}

/** Whether the server accepts an access token. The connection does not outlive the request. */
function isLive(token: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    get(server.endpoints.me, { agent: false, headers: { authorization: `Bearer ${token}` } }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode === 200));
    }).on('error', reject);
  });
}

/** The most times that one refresh token was presented, and that the server accepted one. */
function mostUses(): { readonly presented: number; readonly accepted: number } {
  const tokens = server.record.requests.flatMap(({ parameters }) => parameters['refresh_token'] ?? []);
  const uses = tokens.map((token) => server.record.redemptionsOf(token));
  return {
    presented: Math.max(0, ...uses.map(({ presented }) => presented)),
    accepted: Math.max(0, ...uses.map(({ accepted }) => accepted)),
  };
}

describe('200 callers at 3 brokers', () => {
  it('redeem each token of a strictly rotating provider once [RF1, RF2]', async () => {
    const id = await connect({ rotates: 'always' });
    for (let round = 0; round < 5; round += 1) {
      await stage.set(ended);
      const tokens = new Set(await storm());
      expect(tokens.size).toBe(1);
      for (const token of tokens) expect(await isLive(token)).toBe(true);
    }
    expect(mostUses()).toEqual({ presented: 1, accepted: 1 });
    expect(await stage.store.find('acme', id)).toMatchObject({ state: 'active', version: 6 });
  });

  it('wait for a slow provider and send nothing twice [RF2]', async () => {
    await connect({ rotates: 'always' });
    await stage.set(ended);
    server.fail({ on: 'token', when: 'after', delayMs: 3_000 });
    const tokens = new Set(await storm());
    expect(tokens.size).toBe(1);
    for (const token of tokens) expect(await isLive(token)).toBe(true);
    expect(mostUses()).toEqual({ presented: 1, accepted: 1 });
  });

  it('keep a connection whose answer was lost within the leeway of its provider [RF7]', async () => {
    server.behave({ rotation: 'leeway' });
    const id = await connect({ rotates: 'always', reuseLeewayMs: 60_000 });
    await stage.set(ended);
    server.fail({ on: 'token', when: 'after', answer: { status: 500 } });
    expect(new Set(await storm())).toEqual(new Set(['unavailable']));
    await stage.set(later);
    const tokens = new Set(await storm());
    expect(tokens.size).toBe(1);
    for (const token of tokens) expect(await isLive(token)).toBe(true);
    expect(mostUses()).toEqual({ presented: 2, accepted: 2 });
    expect(await stage.store.find('acme', id)).toMatchObject({ state: 'active' });
  });

  it('learn once that a strict provider has used up a token whose answer was lost [RF7]', async () => {
    const id = await connect({ rotates: 'always' });
    await stage.set(ended);
    server.fail({ on: 'token', when: 'after', answer: { status: 500 } });
    expect(new Set(await storm())).toEqual(new Set(['unavailable']));
    await stage.set(later);
    expect(new Set(await storm())).toEqual(new Set(['needs_reauth']));
    expect(mostUses()).toEqual({ presented: 2, accepted: 1 });
    expect(await stage.store.find('acme', id)).toMatchObject({ reason: 'rotation_lost' });
  });

  it('share the token of a provider that does not rotate, also after failures', async () => {
    server.behave({ rotation: 'none' });
    await connect({ rotates: 'never' });
    await stage.set(ended);
    server.fail({ on: 'token', when: 'after', answer: 'cut' });
    expect(new Set(await storm())).toEqual(new Set(['unavailable']));
    await stage.set(later);
    const tokens = new Set(await storm());
    expect(tokens.size).toBe(1);
    for (const token of tokens) expect(await isLive(token)).toBe(true);
  });

  it('send one request to a provider that is down [RF8]', async () => {
    await connect({ rotates: 'always' });
    await stage.set(ended);
    server.fail({ on: 'token', times: 1_000, answer: { status: 503 } });
    for (let round = 0; round < 3; round += 1)
      expect(new Set(await storm())).toEqual(new Set(['unavailable']));
    expect(server.record.requests.filter(({ endpoint }) => endpoint === 'token')).toHaveLength(1);
  });
});

describe('a disconnection at a real server', () => {
  it('ends the grant before the credential is erased [DC1]', async () => {
    const id = await connect({ rotates: 'always' });
    const [broker] = brokers;
    const token = (await broker?.token()) ?? '';
    expect(await isLive(token)).toBe(true);
    await broker?.disconnections.begin('acme', { id });
    await broker?.revoke.run();
    expect(await isLive(token)).toBe(false);
    expect(await stage.store.find('acme', id)).toMatchObject({ state: 'revoked' });
  });
});
