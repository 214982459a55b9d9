import { defined } from '@action-mesh/kernel';
import { providers, type ProviderDefinition } from '@action-mesh/providers';

import { formToken } from '../../domain/connect-sessions/connect-secret.js';
import type { ConnectError } from '../../domain/connect-sessions/connect-session.js';
import { askedFields } from './asked-fields.js';
import { noticeAnswer, type ConnectAnswer, type ConnectBrowser } from './connect-answer.js';
import type { ConnectParts } from './connect-parts.js';
import { openSession, type OpenedSession } from './session-door.js';
import { backOf, factsOf, notGranted } from './session-facts.js';

/** Shows the page of a session, by its state. It changes nothing. */
export class OpenConnectPage {
  readonly #parts: ConnectParts;

  constructor(parts: ConnectParts) {
    this.#parts = parts;
  }

  async run(token: string, browser: ConnectBrowser): Promise<ConnectAnswer> {
    const opened = await openSession(this.#parts, token, browser);
    if (!opened.ok) return opened.answer;
    const { session } = opened;
    switch (session.status) {
      case 'completed':
        return connectedPage(opened);
      case 'returned':
        return session.returnUrl === undefined
          ? confirmPage(opened)
          : noticeAnswer('returned', { facts: factsOf(session) });
      case 'expired':
        return noticeAnswer('expired', { facts: factsOf(session) });
      case 'open':
      case 'failed':
        return this.#ask(opened);
    }
  }

  async #ask(opened: OpenedSession): Promise<ConnectAnswer> {
    const { session } = opened;
    const { integrations, connections } = this.#parts;
    const integration = await integrations.find(session.tenantId, session.integration);
    if (integration?.provider.id !== session.provider)
      return noticeAnswer('integration_gone', {
        facts: factsOf(session),
        ...defined({ back: backOf(session, 'integration_gone') }),
      });
    const repaired =
      session.connectionId === undefined
        ? undefined
        : await connections.find(session.tenantId, session.connectionId);
    return askPage(opened, integration.provider, {
      status: 200,
      ...defined({ lastError: session.error, repairs: repaired?.accountName ?? repaired?.accountId }),
    });
  }
}

/** The page on which a person begins, or enters a credential. */
export function askPage(
  { session, token, cookie, newCookie }: OpenedSession,
  provider: ProviderDefinition,
  {
    status,
    values = {},
    problems = [],
    ...more
  }: {
    readonly status: number;
    readonly values?: Readonly<Record<string, string>>;
    readonly problems?: readonly string[];
    readonly lastError?: ConnectError;
    readonly repairs?: string;
  },
): ConnectAnswer {
  const fields = askedFields(provider, values);
  return {
    kind: 'page',
    status,
    page: {
      kind: 'ask',
      facts: factsOf(session),
      action: `/connect/${token}`,
      formToken: formToken(cookie, token),
      scopes: fields.length === 0 ? session.scopes : [],
      fields,
      problems,
      ...more,
    },
    ...defined({ cookie: newCookie }),
  };
}

function confirmPage({ session, token, cookie }: OpenedSession): ConnectAnswer {
  const { details = {} } = session;
  return {
    kind: 'page',
    status: 200,
    page: {
      kind: 'confirm',
      facts: factsOf(session),
      action: `/connect/${token}`,
      formToken: formToken(cookie, token),
      missingScopes: notGranted(providers.get(session.provider), session.scopes, details.scopes),
      ...defined({ account: details.account, scopes: details.scopes }),
    },
  };
}

function connectedPage({ session }: OpenedSession): ConnectAnswer {
  const { details = {} } = session;
  return {
    kind: 'page',
    status: 200,
    page: {
      kind: 'connected',
      facts: factsOf(session),
      missingScopes: notGranted(providers.get(session.provider), session.scopes, details.scopes),
      ...defined({ account: details.account }),
    },
  };
}
