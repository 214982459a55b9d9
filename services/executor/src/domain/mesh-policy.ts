import { randomBytes, scryptSync } from 'node:crypto';

import { PolicyConflictError } from './executor.errors.js';
import type { StaticCredential } from './static-credential.js';

/** The settings that decide how a call ends. All executors of a mesh have the same. */
export interface MeshPolicy {
  /** `EGRESS_ALLOW` */
  readonly egressAllow: readonly string[];
  /** `MESH_ENVIRONMENT` */
  readonly environment: string;
  /** `CREDENTIAL_<PROVIDER>` */
  readonly credentials: readonly Pick<StaticCredential, 'variable' | 'origin' | 'place'>[];
}

interface PolicyRecord {
  readonly EGRESS_ALLOW: readonly string[];
  readonly MESH_ENVIRONMENT: string;
  /** Random. Marks can be compared only under one salt. */
  readonly salt: string;
  /**
   * A mark of each credential by its variable. It costs much time to compute, so a reader of the database cannot try many
   * passwords against it.
   */
  readonly credentials: Readonly<Record<string, string>>;
}

/** A salt for the marks of a policy. */
export function newPolicySalt(): string {
  return randomBytes(16).toString('hex');
}

/**
 * The policy as text. Equal policies have equal texts under one salt: the order and the case of destinations do not
 * matter. Each credential takes tens of milliseconds.
 */
export function policyText({ egressAllow, environment, credentials }: MeshPolicy, salt: string): string {
  const marks = credentials.map(({ variable, origin, place }) => {
    const text = JSON.stringify([variable, origin, place.in, place.name, place.value]);
    return [variable, scryptSync(text, salt, 16).toString('hex')] as const;
  });
  const record: PolicyRecord = {
    EGRESS_ALLOW: [...new Set(egressAllow.map((entry) => entry.toLowerCase()))].sort(),
    MESH_ENVIRONMENT: environment,
    salt,
    credentials: Object.fromEntries(marks.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  return JSON.stringify(record);
}

/** The salt of a policy's text. */
export function policySalt(text: string): string {
  return (JSON.parse(text) as PolicyRecord).salt;
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
  if (here.MESH_ENVIRONMENT !== there.MESH_ENVIRONMENT) {
    differences.push(`MESH_ENVIRONMENT is ${here.MESH_ENVIRONMENT}, and theirs is ${there.MESH_ENVIRONMENT}`);
  }
  differences.push(...credentialDifferences(here, there));
  return new PolicyConflictError(
    `the policy differs from that of the running executors: ${differences.join('; ')}. ` +
      'Start all executors with the same values; to change one, stop all executors first',
  );
}

function credentialDifferences(here: PolicyRecord, there: PolicyRecord): string[] {
  const isComparable = here.salt === there.salt;
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
