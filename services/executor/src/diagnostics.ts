import { DiagnosticPoint } from '@action-mesh/kernel';

/** The calls of one statement, or of one batch of records. */
export interface PointCalls {
  readonly calls: readonly PointCall[];
}

/** A call, with its fence and attempt if the point knows them. */
export interface PointCall {
  readonly callId: string;
  readonly fence?: number;
  readonly attempt?: number;
}

/** A request to a provider. */
export interface PointRequest {
  /** The slug of the provider. */
  readonly provider: string;
  /** The HTTP status, if there is an answer. */
  readonly status?: number;
}

/** An executor that acts on calls that it does not know yet. */
export interface PointInstance {
  /** The id of the instance in the ledger. */
  readonly instanceId: string;
}

/** Calls that records of the retry ladder name. */
export interface PointRetries {
  readonly retries: readonly { readonly hash: string; readonly attempt: number }[];
}

/** The delay of the scheduler. */
export interface PointDelay {
  /** Milliseconds after the due time of the first call. */
  readonly lateMs: number;
}

/**
 * The diagnostic points of the executor, by the last part of their names. Between two of them, the memory of the
 * process and the outside world differ.
 */
export const executorPoints = {
  // A new call: first nothing is on disk, then the call and its intent are.
  before_record_commit: new DiagnosticPoint<PointCalls>('mesh:executor:before_record_commit'),
  after_record_commit: new DiagnosticPoint<PointCalls>('mesh:executor:after_record_commit'),
  // A request: nothing has left, all of it has left, only this process has the answer.
  before_request: new DiagnosticPoint<PointRequest>('mesh:executor:before_request'),
  after_request_left: new DiagnosticPoint<PointRequest>('mesh:executor:after_request_left'),
  after_response: new DiagnosticPoint<PointRequest>('mesh:executor:after_response'),
  // A transition.
  before_advance_commit: new DiagnosticPoint<PointCalls>('mesh:executor:before_advance_commit'),
  after_advance_commit: new DiagnosticPoint<PointCalls>('mesh:executor:after_advance_commit'),
  // The outbox: its writer publishes and deletes rows, and the relay does it for a writer that died.
  after_publish: new DiagnosticPoint<PointCalls>('mesh:executor:after_publish'),
  before_outbox_delete: new DiagnosticPoint<PointInstance>('mesh:executor:before_outbox_delete'),
  relay_after_publish: new DiagnosticPoint<PointCalls>('mesh:executor:relay_after_publish'),
  relay_after_delete: new DiagnosticPoint<PointCalls>('mesh:executor:relay_after_delete'),
  // A parked call that the scheduler wakes.
  before_wake_commit: new DiagnosticPoint<PointDelay>('mesh:executor:before_wake_commit'),
  after_wake_commit: new DiagnosticPoint<PointCalls>('mesh:executor:after_wake_commit'),
  // A parked call that a record of the retry ladder wakes.
  ladder_before_wake: new DiagnosticPoint<PointRetries>('mesh:executor:ladder_before_wake'),
  ladder_after_wake: new DiagnosticPoint<PointRetries>('mesh:executor:ladder_after_wake'),
  // The calls of a dead instance.
  before_take_over_commit: new DiagnosticPoint<PointInstance>('mesh:executor:before_take_over_commit'),
  after_take_over_commit: new DiagnosticPoint<PointCalls>('mesh:executor:after_take_over_commit'),
} as const;
