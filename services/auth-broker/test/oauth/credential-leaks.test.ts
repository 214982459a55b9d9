import { inspect } from 'node:util';

import { leakCheck, startQuirkServer, type OAuthFault } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { integrationOf, OAuthRig, providerAt } from './oauth-rig.js';

jest.setTimeout(60_000);
leakCheck();

/** Secrets that no result, error or line of a log may hold. */
const canaries = {
  clientSecret: 'canary-client-secret-4f1b',
  refreshToken: 'canary-refresh-token-77aa',
  accessToken: 'canary-access-token-0c3d',
  code: 'canary-code-5e9f',
  verifier: `canary-verifier-${'v'.repeat(40)}`,
  body: 'canary-text-of-the-provider-1122',
};

const answers: readonly NonNullable<OAuthFault['answer']>[] = [
  { status: 500, body: canaries.body },
  { status: 200, body: `<html>${canaries.body}` },
  {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: `{"access_token": "${canaries.body}`,
  },
  { status: 400, body: JSON.stringify({ error: 'invalid_grant', error_description: canaries.body }) },
  { status: 302, headers: { location: `https://example.com/${canaries.body}` } },
  { status: 400, body: JSON.stringify({ error: { message: canaries.body } }) },
  'cut',
  'huge',
];

/** Runs a step and collects everything that it writes to the process's streams. */
async function written(step: () => Promise<void>): Promise<string> {
  let text = '';
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation((chunk) => {
      text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      return true;
    }),
  );
  try {
    await step();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return text;
}

describe('no failure holds a secret or a text of the provider (TE2)', () => {
  it.each(answers.map((answer) => [inspect(answer).slice(0, 60), answer] as const))(
    'after the answer %s',
    async (_what, answer) => {
      await using server = await startQuirkServer();
      await using rig = new OAuthRig(server.host);
      const integration = integrationOf(providerAt(server), { clientSecret: canaries.clientSecret });
      for (const on of ['token', 'revocation', 'me'] as const) server.fail({ on, times: 9, answer });
      const results: unknown[] = [];
      const log = await written(async () => {
        const { client } = rig;
        results.push(
          await client.refresh(integration, canaries.refreshToken, undefined),
          await client.exchange(integration, {
            code: canaries.code,
            verifier: canaries.verifier,
            redirectUri: 'http://127.0.0.1:1/',
          }),
          await client.clientCredentials(integration, {
            clientId: 'quirk-client',
            clientSecret: canaries.clientSecret,
          }),
          await client.revoke(integration, canaries),
          await client.account(integration, {
            places: [{ in: 'header', name: 'authorization', value: `Bearer ${canaries.accessToken}` }],
            details: {},
            fields: {},
          }),
        );
      });
      // Revocation reads only the status of a success, so it may succeed.
      expect(results.filter((result) => (result as { ok: boolean }).ok).length).toBeLessThanOrEqual(1);
      const shown = inspect(results, { depth: 20, showHidden: true }) + JSON.stringify(results) + log;
      for (const canary of Object.values(canaries)) expect(shown).not.toContain(canary);
    },
  );

  it('and the details of tokens hold none', async () => {
    await using server = await startQuirkServer({
      idToken: true,
      extra: {
        nested: { bot_token: canaries.body, kept: 'yes' },
        client_secret: canaries.body,
        expires_at: 5,
      },
    });
    await using rig = new OAuthRig(server.host);
    const refreshed = await rig.client.refresh(
      integrationOf(providerAt(server)),
      server.grant().refreshToken,
      undefined,
    );
    if (!refreshed.ok) throw new Error(refreshed.failure.code);
    const { accessToken, refreshToken = '', details } = refreshed.value;
    const text = JSON.stringify(details);
    for (const secret of [accessToken, refreshToken, canaries.body]) expect(text).not.toContain(secret);
    expect(details).toMatchObject({ nested: { kept: 'yes' }, id_token: { sub: 'ada' } });
  });
});
