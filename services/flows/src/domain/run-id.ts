import { createHash } from 'node:crypto';

/** What makes two triggers the same run. */
export interface RunIdentity {
  readonly tenantId: string;
  readonly flow: string;
  /** The kind and the name of what started the run: `webhook/new_lead_created`. */
  readonly source: string;
  /** The identity of the event within its source. */
  readonly key: string;
}

/**
 * The id of a run. The version of the flow is no part of it, so an event that is delivered again after a deployment stays
 * the same run.
 */
export function runIdOf({ tenantId, flow, source, key }: RunIdentity): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([tenantId, flow, source, key]))
    .digest('hex');
  return `run_${digest.slice(0, 32)}`;
}
