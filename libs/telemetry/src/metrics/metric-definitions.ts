import type { MetricDefinition } from './metrics.port.js';

/** Upper bounds in seconds, from a millisecond to ten minutes. */
const seconds = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600,
] as const;

/**
 * All metrics of the mesh. A counter ends in `_total`, and a duration is in seconds. The dashboards and alerts of
 * `deploy/dashboards` use these names.
 */
export const metricDefinition = {
  // Calls
  calls: {
    name: 'mesh_calls_total',
    description: 'Calls that the executor recorded, by verdict of the ledger.',
  },
  outcomes: {
    name: 'mesh_call_outcomes_total',
    description: 'Calls at rest, by status, error code and effect class of the tool.',
  },
  addedLatency: {
    name: 'mesh_call_added_latency_seconds',
    description:
      'Time from the record of a call to its end, without the time of the provider and without waits.',
    buckets: seconds,
  },
  dwell: {
    name: 'mesh_call_dwell_seconds',
    description:
      'Time from the record of a call to its first request, by tenant. Tenants beyond the first 50 are `other`.',
    buckets: seconds,
  },
  attempts: { name: 'mesh_attempts_total', description: 'Requests to providers, by provider and evidence.' },
  permitWaits: {
    name: 'mesh_permit_wait_seconds',
    description: 'Time that requests waited in memory for a permit.',
    buckets: seconds,
  },
  waits: { name: 'mesh_waits_total', description: 'Waits that calls began, by reason.' },
  fenced: {
    name: 'mesh_fenced_writes_total',
    description: 'Writes that the ledger refused, because another instance owns the call.',
  },
  // The ledger
  lateness: {
    name: 'mesh_retry_lateness_seconds',
    description: 'Delay of waiting calls after their due time.',
    buckets: seconds,
  },
  outboxAge: {
    name: 'mesh_outbox_age_seconds',
    description: 'Age of the oldest record of the outbox that Kafka does not have.',
  },
  waitingCalls: { name: 'mesh_calls_waiting', description: 'Calls that wait in the ledger, by reason.' },
  waitingOldest: {
    name: 'mesh_calls_waiting_oldest_seconds',
    description:
      'Age of the oldest wait in the ledger, by reason. That of an approval counts from its question.',
  },
  personCalls: {
    name: 'mesh_calls_for_people',
    description:
      'Calls that continue when a person acts, by reason: needs_review, awaiting_approval or awaiting_auth.',
  },
  personOldest: {
    name: 'mesh_calls_for_people_oldest_seconds',
    description: 'Age of the oldest call that continues when a person acts, by reason.',
  },
  deadCalls: { name: 'mesh_dlq_depth', description: 'Calls in the dead letter queue.' },
  unsureCalls: {
    name: 'mesh_calls_unsure',
    description: 'Calls of unknown effect, by state: INDETERMINATE or NEEDS_REVIEW.',
  },
  unsureOldest: {
    name: 'mesh_calls_unsure_oldest_seconds',
    description:
      'Age of the oldest call of unknown effect, by state. INDETERMINATE counts from its request, NEEDS_REVIEW from its death.',
  },
  overdue: {
    name: 'mesh_calls_overdue_seconds',
    description: 'Seconds by which the earliest call that waits for a time is late.',
  },
  ledgerAccepts: {
    name: 'mesh_ledger_accepts',
    description: '1 while the executor records new calls, 0 otherwise.',
  },
  breakers: { name: 'mesh_circuit_breakers', description: 'Circuit breakers that are not closed, by state.' },
  limitMode: {
    name: 'mesh_limits_divided',
    description: '1 while the executor enforces its share of limits without Redis.',
  },
  // The auth broker
  tokenRefreshes: {
    name: 'mesh_token_refreshes_total',
    description:
      'Refreshes of credentials, by integration and result: refreshed, needs_reauth, broken, unavailable, gone or failed.',
  },
  // Kafka
  lag: { name: 'mesh_consumer_lag', description: 'Records that a lane has not handled yet, by topic.' },
  laneJoined: {
    name: 'mesh_consumer_joined',
    description: '1 while a lane is a member of its group, 0 otherwise, by topic.',
  },
  // The gateway
  requests: {
    name: 'mesh_gateway_requests_total',
    description: 'Requests to the gateway, by route and status class.',
  },
  requestDuration: {
    name: 'mesh_gateway_request_seconds',
    description: 'Time from a request to its answer, the wait for an outcome included, by route.',
    buckets: seconds,
  },
  waiters: { name: 'mesh_gateway_waiters', description: 'Callers that wait for an outcome.' },
  gatewayReady: {
    name: 'mesh_gateway_ready',
    description: '1 while the gateway has all that it needs, 0 otherwise.',
  },
  // Telemetry itself
  spansExported: { name: 'mesh_spans_exported', description: 'Spans that a receiver took since the start.' },
  spansDropped: {
    name: 'mesh_spans_dropped',
    description: 'Spans that were dropped since the start, because the queue was full.',
  },
  spansLost: {
    name: 'mesh_spans_lost',
    description: 'Spans that were given up since the start, because the receiver did not take them.',
  },
  spansQueued: { name: 'mesh_spans_queued', description: 'Spans that wait for a receiver.' },
  processCpu: { name: 'mesh_process_cpu_seconds', description: 'CPU time of the process since its start.' },
  processMemory: { name: 'mesh_process_memory_bytes', description: 'Resident memory of the process.' },
  eventLoopDelay: {
    name: 'mesh_event_loop_delay_seconds',
    description: 'The 99th percentile of the delay of the event loop since the last scrape.',
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;
