import { defined } from '@action-mesh/kernel';

import { secretDigest } from '../../domain/connect-sessions/connect-secret.js';
import type { ConnectError } from '../../domain/connect-sessions/connect-session.js';
import type { KnownIntegration } from '../connections/integrations.port.js';
import { askedFields, clientIdField, clientSecretField, enteredProblems } from './asked-fields.js';
import { noticeAnswer, type ConnectAnswer, type ConnectBrowser } from './connect-answer.js';
import type { ConnectParts } from './connect-parts.js';
import type { FreshCredential, HoldCredential } from './hold-credential.js';
import { askPage } from './open-connect-page.js';
import { openSessionForForm, type OpenedSession } from './session-door.js';
import { backOf, factsOf } from './session-facts.js';
import { errorOfFailure } from './token-failure-error.js';

/** The longest value of a field, in characters. A private key has about 3000. */
const longestValue = 10_000;

/** Takes the credential that a person enters: an API key, a name with a password, a client id with its secret. */
export class EnterFields {
  readonly #parts: ConnectParts;
  readonly #hold: HoldCredential;

  constructor(parts: ConnectParts, hold: HoldCredential) {
    this.#parts = parts;
    this.#hold = hold;
  }

  async run(
    token: string,
    browser: ConnectBrowser,
    givenFormToken: string | undefined,
    given: ReadonlyMap<string, string>,
  ): Promise<ConnectAnswer> {
    const { integrations, sessions, address, clock } = this.#parts;
    const opened = await openSessionForForm(this.#parts, token, browser, givenFormToken);
    if (!opened.ok) return opened.answer;
    const { session } = opened;
    const page = `${address.origin}/connect/${token}`;
    if (session.status !== 'open' && session.status !== 'failed') return { kind: 'redirect', location: page };
    const integration = await integrations.find(session.tenantId, session.integration);
    if (integration?.provider.id !== session.provider)
      return noticeAnswer('integration_gone', {
        facts: factsOf(session),
        ...defined({ back: backOf(session, 'integration_gone') }),
      });
    const asked = askedFields(integration.provider);
    if (asked.length === 0) return { kind: 'redirect', location: page };
    const values = Object.fromEntries(
      asked.flatMap(({ name }) => {
        const value = given.get(name);
        return value === undefined || value === '' ? [] : [[name, value] as const];
      }),
    );
    const problems = Object.values(values).some((value) => value.length > longestValue)
      ? [`A value is longer than ${longestValue} characters.`]
      : enteredProblems(integration.provider, values);
    if (problems.length > 0) return this.#askAgain(opened, integration, { values, problems });

    const cookieDigest = secretDigest(opened.cookie);
    const isTaken = await sessions.change(
      session.publicId,
      { status: ['open', 'failed'], cookieDigest, liveAtMs: clock.now() },
      { status: 'open', error: null, cookieDigest },
    );
    if (!isTaken) return { kind: 'redirect', location: page };
    const held = await this.#parts.watch.step('fields', session, async () => {
      const fresh = await this.#credential(integration, values);
      if (typeof fresh !== 'string')
        return this.#hold.run({ ...session, status: 'open' }, integration, fresh);
      await sessions.change(session.publicId, { status: ['open'] }, { status: 'failed', error: fresh });
      return { kind: 'failed', error: fresh } as const;
    });
    if (held.kind === 'failed') return this.#askAgain(opened, integration, { values, lastError: held.error });
    if (held.kind === 'stale') return { kind: 'redirect', location: page };
    return held.returnUrl === undefined
      ? { kind: 'redirect', location: page }
      : {
          kind: 'page',
          status: 200,
          page: { kind: 'forward', url: held.returnUrl, name: new URL(held.returnUrl).host },
        };
  }

  async #credential(
    integration: KnownIntegration,
    values: Readonly<Record<string, string>>,
  ): Promise<FreshCredential | ConnectError> {
    if (integration.provider.auth.kind === 'fields')
      return { credential: { kind: 'fields', fields: values } };
    const client = {
      clientId: values[clientIdField] ?? '',
      clientSecret: values[clientSecretField] ?? '',
    };
    const issued = await this.#parts.oauth.clientCredentials(integration, client);
    if (!issued.ok) {
      const { kind } = issued.failure;
      return kind === 'permanent' || kind === 'client'
        ? 'credential_refused'
        : errorOfFailure(issued.failure);
    }
    const { accessToken } = issued.value;
    return { credential: { kind: 'client_credentials', ...client, accessToken }, tokens: issued.value };
  }

  #askAgain(
    opened: OpenedSession,
    integration: KnownIntegration,
    more: {
      readonly values: Readonly<Record<string, string>>;
      readonly problems?: readonly string[];
      readonly lastError?: ConnectError;
    },
  ): ConnectAnswer {
    return askPage(opened, integration.provider, { status: 422, ...more });
  }
}
