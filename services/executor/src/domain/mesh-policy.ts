import { createHash, createHmac } from 'node:crypto';

import { PolicyConflictError } from './executor.errors.js';
import type { StaticCredential } from './static-credential.js';

/** The settings that decide how a call ends. All executors of a mesh have the same. */
export interface MeshPolicy {
  /** `EGRESS_ALLOW` */
  readonly egressAllow: readonly string[];
  /** `EXECUTOR_TENANT` */
  readonly tenantId: string;
  /** `EXECUTOR_PUBLISHER_KEY` */
  readonly publisherKey: string;
  /** `CREDENTIAL_<PROVIDER>` */
  readonly credentials: readonly Pick<StaticCredential, 'variable' | 'origin' | 'place'>[];
}

interface PolicyRecord {
  readonly EGRESS_ALLOW: readonly string[];
  readonly EXECUTOR_TENANT: string;
  /** The beginning of the key's digest: enough to see a difference, too little to find the key. */
  readonly EXECUTOR_PUBLISHER_KEY: string;
  /**
   * A mark of each credential by its variable. It uses the publisher key, so a reader of the database cannot try
   * passwords against it.
   */
  readonly credentials: Readonly<Record<string, string>>;
}

/** The policy as text. Equal policies have equal texts: the order and the case of destinations do not matter. */
export function policyText({ egressAllow, tenantId, publisherKey, credentials }: MeshPolicy): string {
  const marks = credentials.map(({ variable, origin, place }) => {
    const text = JSON.stringify([variable, origin, place.in, place.name, place.value]);
    return [variable, createHmac('sha256', publisherKey).update(text).digest('hex').slice(0, 12)] as const;
  });
  const record: PolicyRecord = {
    EGRESS_ALLOW: [...new Set(egressAllow.map((entry) => entry.toLowerCase()))].sort(),
    EXECUTOR_TENANT: tenantId,
    EXECUTOR_PUBLISHER_KEY: createHash('sha256').update(publisherKey).digest('hex').slice(0, 12),
    credentials: Object.fromEntries(marks.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  return JSON.stringify(record);
}

/** The refusal of an executor with another policy than the running executors. It names each differing variable. */
export function policyConflict(own: string, running: string): PolicyConflictError {
  const here = JSON.parse(own) as PolicyRecord;
  const there = JSON.parse(running) as PolicyRecord;
  const differences: string[] = [];
  const lacking = there.EGRESS_ALLOW.filter((entry) => !here.EGRESS_ALLOW.includes(entry));
  const more = here.EGRESS_ALLOW.filter((entry) => !there.EGRESS_ALLOW.includes(entry));
  if (lacking.length > 0) differences.push(`EGRESS_ALLOW lacks ${lacking.join(', ')}`);
  if (more.length > 0) differences.push(`EGRESS_ALLOW has ${more.join(', ')}, which theirs lacks`);
  if (here.EXECUTOR_TENANT !== there.EXECUTOR_TENANT) {
    differences.push(`EXECUTOR_TENANT is ${here.EXECUTOR_TENANT}, and theirs is ${there.EXECUTOR_TENANT}`);
  }
  if (here.EXECUTOR_PUBLISHER_KEY !== there.EXECUTOR_PUBLISHER_KEY) {
    differences.push('EXECUTOR_PUBLISHER_KEY is another key');
  }
  differences.push(...credentialDifferences(here, there));
  return new PolicyConflictError(
    `the policy differs from that of the running executors: ${differences.join('; ')}. ` +
      'Start all executors with the same values; to change one, stop all executors first',
  );
}

function credentialDifferences(here: PolicyRecord, there: PolicyRecord): string[] {
  // Marks with different keys cannot be compared.
  const isComparable = here.EXECUTOR_PUBLISHER_KEY === there.EXECUTOR_PUBLISHER_KEY;
  const variables = [
    ...new Set([...Object.keys(here.credentials), ...Object.keys(there.credentials)]),
  ].sort();
  return variables.flatMap((variable) => {
    const [own, theirs] = [here.credentials[variable], there.credentials[variable]];
    if (own === undefined) return [`${variable} is not set, and theirs is`];
    if (theirs === undefined) return [`${variable} is set, and theirs is not`];
    return isComparable && own !== theirs ? [`${variable} has another value`] : [];
  });
}
