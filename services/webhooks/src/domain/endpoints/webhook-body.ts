/** A larger body carries no result, in bytes. The call is in `GET /v1/calls/{id}`. */
export const largestBodyBytes = 262_144;

/** The part of an outcome that its webhooks are made from. */
export interface ReportedOutcome {
  readonly status: string;
  readonly at: string;
}

/** The type of the message about an outcome: `call.succeeded`. */
export function webhookType({ status }: Pick<ReportedOutcome, 'status'>): string {
  return `call.${status}`;
}

/**
 * The body of a message, as Standard Webhooks has it. `text` is the published outcome, whose digits no parser may touch.
 * Undefined: the body would be too large.
 */
export function webhookBody(outcome: ReportedOutcome, text: string): string | undefined {
  const body = `{"type":"${webhookType(outcome)}","timestamp":"${outcome.at}","data":${text}}`;
  return Buffer.byteLength(body) > largestBodyBytes ? undefined : body;
}

/** The body without the result, for an outcome that is too large. `result_omitted` says so. */
export function smallWebhookBody(outcome: ReportedOutcome): string {
  return JSON.stringify({
    type: webhookType(outcome),
    timestamp: outcome.at,
    data: { ...outcome, result_omitted: true },
  });
}

/** The body of a test. */
export function testWebhookBody(endpointId: string, at: string): string {
  return JSON.stringify({ type: 'webhook.test', timestamp: at, data: { endpoint_id: endpointId } });
}
