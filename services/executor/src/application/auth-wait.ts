import type { OutcomeOfCall } from '@action-mesh/contracts/executor';
import { defined } from '@action-mesh/kernel';

import type { AuthDetail } from './ledger.port.js';
import type { Parking } from './parking.js';

type Waiting = NonNullable<OutcomeOfCall['waiting']>;

/** The first interval and the longest between two looks of a call for its connection, in milliseconds. */
const firstLookMs = 2_000;
const longestLookMs = 900_000;

/** Why a call waits for a connection. */
export interface AuthNeed extends AuthDetail {
  /** The integration. Undefined: the tenant has none for this provider. */
  readonly integration: string | undefined;
  /** The slug of the tool's provider. */
  readonly provider: string;
}

/** The call that waits. */
export interface AuthWaiter {
  /** Milliseconds since its record, or since its last redrive. */
  readonly ageMs: number;
  /** Infinity for a call without a deadline. */
  readonly untilDeadlineMs: number;
  /** Whether a request of it may have taken effect, so it waits for a probe. */
  readonly isUnsure: boolean;
  /** The wait that its caller knows. */
  readonly told?: Waiting | undefined;
}

/** The scope of calls that wait for a connection of an integration. */
export function integrationScope(integration: string): string {
  return `integration:${integration}`;
}

/** The beginning of the scopes of calls without an integration for their provider. */
export const missingIntegration = 'no_integration:';

/**
 * The wait of a call for a connection, without an attempt. An event lets it go. It also looks again by itself, at
 * intervals as long as its age, so a lost event costs it at most its age again. Its deadline ends the wait.
 */
export function awaitingAuth(
  { integration, provider, ...detail }: AuthNeed,
  { ageMs, untilDeadlineMs, isUnsure, told }: AuthWaiter,
): Parking {
  const reason = 'awaiting_auth';
  const scope = integration === undefined ? missingIntegration + provider : integrationScope(integration);
  const lookMs = Math.min(Math.max(ageMs, firstLookMs), longestLookMs);
  // At its deadline, a call of unknown effect would only ask the provider.
  const delayMs = isUnsure ? lookMs : Math.min(lookMs, Math.max(0, untilDeadlineMs));
  const waiting: Waiting = { reason, scope, ...shownDetail(detail) };
  return {
    park: { delayMs, reason, scope, detail },
    ...(isSame(told, waiting) ? {} : { ending: { status: isUnsure ? 'indeterminate' : 'waiting', waiting } }),
  };
}

/** Whether the caller knows this wait already. A link may change its text and stay good. */
function isSame(told: Waiting | undefined, { reason, scope, missing_scopes: missing }: Waiting): boolean {
  return (
    told?.reason === reason &&
    told.scope === scope &&
    JSON.stringify(told.missing_scopes) === JSON.stringify(missing)
  );
}

/** The detail in the form of outcomes. */
export function shownDetail({
  connectUrl,
  missingScopes,
}: AuthDetail): Pick<Waiting, 'connect_url' | 'missing_scopes'> {
  return defined({
    connect_url: connectUrl,
    missing_scopes: missingScopes === undefined ? undefined : [...missingScopes],
  });
}
