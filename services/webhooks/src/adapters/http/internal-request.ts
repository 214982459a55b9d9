import { readCallerHeaders, type InternalCaller } from '@action-mesh/contracts';
import { HttpException, HttpStatus } from '@nestjs/common';

import {
  InvalidTriggerError,
  TriggerConflictError,
  UnknownDeliveryError,
  UnknownTriggerError,
} from '../../domain/trigger.errors.js';
import {
  EndpointConflictError,
  EndpointRightError,
  InvalidEndpointError,
  UnknownEndpointError,
} from '../../domain/webhooks.errors.js';

/** The headers of a request, as Nest passes them. */
export type InternalHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** The authenticated caller of the gateway's request. */
export function webhooksCaller(headers: InternalHeaders): InternalCaller {
  const caller = readCallerHeaders(headers);
  if (caller !== undefined) return caller;
  throw new HttpException(
    {
      code: 'WEBHOOKS_NO_CALLER',
      message: 'the headers x-mesh-tenant and x-mesh-holder must name the caller; the gateway sets them',
    },
    HttpStatus.BAD_REQUEST,
  );
}

/** Translates the errors that a caller can correct. Any other error is a 500. */
export async function orWebhooksError<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw translated(error);
  }
}

interface CodedError {
  readonly code: string;
  readonly message: string;
}

function translated(error: unknown): unknown {
  if (error instanceof InvalidEndpointError || error instanceof InvalidTriggerError)
    return httpError(HttpStatus.UNPROCESSABLE_ENTITY, error, { problems: error.problems });
  if (error instanceof EndpointRightError)
    return httpError(HttpStatus.FORBIDDEN, error, { scopes: error.scopes });
  if (
    error instanceof UnknownEndpointError ||
    error instanceof UnknownTriggerError ||
    error instanceof UnknownDeliveryError
  )
    return httpError(HttpStatus.NOT_FOUND, error);
  if (error instanceof EndpointConflictError || error instanceof TriggerConflictError)
    return httpError(HttpStatus.CONFLICT, error);
  return error;
}

function httpError(
  status: HttpStatus,
  { code, message }: CodedError,
  more: Readonly<Record<string, unknown>> = {},
): HttpException {
  return new HttpException({ code, message, ...more }, status);
}
