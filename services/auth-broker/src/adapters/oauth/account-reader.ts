import type { Account } from '@action-mesh/contracts/auth-broker';
import { hostOf, isCovered, type CredentialPlace } from '@action-mesh/connections';
import type { Egress } from '@action-mesh/egress';
import { accountOf, accountRequest, baseOf, baseRequest, type AccountRequest } from '@action-mesh/providers';

import type { KnownIntegration } from '../../application/connections/integrations.port.js';
import { providerDeadlineMs } from '../../application/connections/oauth-client.port.js';
import type { TokenResult } from '../../domain/connections/token-failure.js';
import { retryAfterMs } from './retry-after.js';
import { attemptFailure, failed, statusFailure, uncertain, unsent, withSettings } from './token-failures.js';

const mostBytes = 262_144;

/** A new credential, as requests carry it. */
export interface NewAccess {
  readonly places: readonly CredentialPlace[];
  readonly details: Readonly<Record<string, unknown>>;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * Finds the account and the base URL behind a new credential.
 *
 * - AR1: the credential goes only to hosts that the provider or the integration covers.
 */
export class AccountReader {
  readonly #egress: Egress;

  constructor(egress: Egress) {
    this.#egress = egress;
  }

  async read(
    integration: KnownIntegration,
    access: NewAccess,
  ): Promise<TokenResult<{ readonly account?: Account; readonly baseUrl?: string }>> {
    const base = await this.#baseUrl(integration, access);
    if (!base.ok) return base;
    const account = await this.#account(integration, access, base.value);
    if (!account.ok) return account;
    return {
      ok: true,
      value: {
        ...(account.value === undefined ? {} : { account: account.value }),
        ...(base.value === undefined ? {} : { baseUrl: base.value }),
      },
    };
  }

  async #baseUrl(integration: KnownIntegration, access: NewAccess): Promise<TokenResult<string | undefined>> {
    const { provider, settings, hosts, baseUrl } = integration;
    if (provider.base === undefined) return { ok: true, value: undefined };
    const facts = { settings, hosts, fields: access.fields };
    const request = withSettings(() => baseRequest(provider, { ...facts, baseUrl }));
    if (!request.ok) return request;
    const details =
      request.value === undefined
        ? { ok: true as const, value: access.details as unknown }
        : await this.#ask(integration, request.value, access.places);
    if (!details.ok) return details;
    return withSettings(() => baseOf(provider, { ...facts, details: details.value })?.to);
  }

  async #account(
    integration: KnownIntegration,
    access: NewAccess,
    baseUrl: string | undefined,
  ): Promise<TokenResult<Account | undefined>> {
    const { provider, settings, hosts } = integration;
    const known = baseUrl ?? integration.baseUrl;
    const request = withSettings(() =>
      accountRequest(provider, { settings, hosts, fields: access.fields, baseUrl: known }),
    );
    if (!request.ok) return request;
    if (request.value === undefined) {
      const document = provider.identity?.from === 'id_token' ? access.details['id_token'] : access.details;
      return { ok: true, value: accountOf(provider, document) };
    }
    const answer = await this.#ask(integration, request.value, access.places);
    return answer.ok ? { ok: true, value: accountOf(provider, answer.value) } : answer;
  }

  async #ask(
    { provider, hosts }: KnownIntegration,
    { method, url, headers, body }: AccountRequest,
    places: readonly CredentialPlace[],
  ): Promise<TokenResult<unknown>> {
    const host = hostOf(url);
    if (host === undefined || !isCovered(host, [...provider.hosts, ...hosts]))
      return failed(unsent('client', 'foreign_host'));
    const target = new URL(url);
    const sent: Record<string, string> = { accept: 'application/json', ...headers };
    for (const place of places) {
      if (place.in === 'query') target.searchParams.append(place.name, place.value);
      else sent[place.name] = place.value;
    }
    if (body !== undefined) sent['content-type'] = 'application/json';
    const attempt = await this.#egress.request({
      method,
      url: target.href,
      headers: sent,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      deadlineMs: providerDeadlineMs,
      maxResponseBytes: mostBytes,
    });
    if (attempt.kind !== 'response') return failed(attemptFailure(attempt));
    const { status } = attempt;
    // The credential was just entered or issued, so only its user can bring a better one.
    if (status === 401 || status === 403) return failed(unsent('permanent', 'credential_rejected'));
    if (status < 200 || status > 299)
      return failed(statusFailure(status, retryAfterMs(attempt.headers['retry-after'], Date.now())));
    if (!attempt.bodyComplete || attempt.undecoded !== undefined)
      return failed(uncertain(attempt.truncated ? 'answer_too_large' : 'malformed_answer'));
    try {
      return { ok: true, value: JSON.parse(attempt.body.toString('utf8')) };
    } catch {
      return failed(uncertain('malformed_answer'));
    }
  }
}
