import { DiagnosticPoint } from '@action-mesh/kernel';

/** A connection at a diagnostic point. */
export interface PointConnection {
  readonly connectionId: string;
  /** The version of the credential before the refresh. */
  readonly version: number;
}

/** Changes of connections at a diagnostic point. */
export interface PointChanges {
  readonly connectionIds: readonly string[];
}

/**
 * The diagnostic points of the auth broker, by the last part of their names. Between two of them, the memory of the
 * process, the database and the provider differ.
 */
export const authBrokerPoints = {
  // A refresh: the lease is on disk, the request leaves, the provider has answered, the answer is on disk.
  after_lease: new DiagnosticPoint<PointConnection>('mesh:auth-broker:after_lease'),
  before_refresh_request: new DiagnosticPoint<PointConnection>('mesh:auth-broker:before_refresh_request'),
  after_refresh_response: new DiagnosticPoint<PointConnection>('mesh:auth-broker:after_refresh_response'),
  before_commit: new DiagnosticPoint<PointConnection>('mesh:auth-broker:before_commit'),
  after_commit: new DiagnosticPoint<PointConnection>('mesh:auth-broker:after_commit'),
  // A revocation: the provider has ended the grant, and the record does not know it yet.
  after_revoke_response: new DiagnosticPoint<PointConnection>('mesh:auth-broker:after_revoke_response'),
  // Changes that are committed: first Kafka does not have them, then the record still does.
  before_event: new DiagnosticPoint<PointChanges>('mesh:auth-broker:before_event'),
  after_event: new DiagnosticPoint<PointChanges>('mesh:auth-broker:after_event'),
} as const;
