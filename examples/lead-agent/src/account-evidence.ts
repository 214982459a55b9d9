import type { ProviderSimulator, RecordedRequest, Redemptions } from '@action-mesh/testing';

import { deadContactPath } from './dead-letter.js';

/** The accounts that requests should carry, and the authorization server's own count of refreshes. */
export interface ExpectedAccounts {
  /** The account for a lead. Without a lead: that of the user whose provider fails. */
  readonly accountOf: (email: string | undefined) => string;
  /** One entry for each refresh token that was presented. */
  readonly redemptions: readonly Redemptions[];
}

/** What the provider and the authorization server saw of accounts. */
export interface SeenAccounts {
  /** Requests that carried another account than that of the call's user. */
  readonly wrongAccounts: number;
  /** Requests with a token that had expired. The mesh repeats each of them with a fresh token. */
  readonly expiredTokens: number;
  /** Refreshes of tokens while calls ran, and the most uses of one refresh token. */
  readonly refreshes: number;
  readonly usesOfOneRefreshToken: number;
}

/** Compares the account of each request at the CRM and the messenger with the user of its call. */
export async function accountsSeen(
  oracle: ProviderSimulator,
  { accountOf, redemptions }: ExpectedAccounts,
): Promise<SeenAccounts> {
  const requests = [
    ...(await oracle.requests({ path: '/crm' })),
    ...(await oracle.requests({ path: '/slack' })),
  ];
  const withToken = requests.filter(({ account }) => account !== undefined);
  return {
    wrongAccounts: withToken.filter((request) => request.account !== accountOf(leadOf(request))).length,
    expiredTokens: requests.length - withToken.length,
    refreshes: redemptions.reduce((sum, { accepted }) => sum + accepted, 0),
    usesOfOneRefreshToken: Math.max(0, ...redemptions.map(({ presented }) => presented)),
  };
}

/** The problems with the accounts. Empty when there are none. */
export function accountFaults({ wrongAccounts, refreshes, usesOfOneRefreshToken }: SeenAccounts): string[] {
  return [
    ...(wrongAccounts === 0 ? [] : [`${wrongAccounts} requests carried the account of another user`]),
    ...(refreshes > 0 ? [] : ['no token was refreshed, so none expired']),
    ...(usesOfOneRefreshToken <= 1 ? [] : [`a refresh token was presented ${usesOfOneRefreshToken} times`]),
  ];
}

/** The e-mail address of a request's lead: in the path of a contact, or in the text of a message. */
export function leadOf({ path, body }: RecordedRequest): string | undefined {
  if (path === deadContactPath) return undefined;
  const text = path.startsWith('/crm/contacts/') ? decodeURIComponent(path) : JSON.stringify(body);
  return /lead-\d+@example\.com/.exec(text)?.[0];
}
