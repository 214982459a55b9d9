import { readCallerHeaders, type InternalCaller } from '@action-mesh/contracts';
import { HttpException, HttpStatus } from '@nestjs/common';

import {
  IdentityConflictError,
  InvalidIdentityError,
  MissingRightError,
  UnknownIdentityError,
} from '../../domain/auth-broker.errors.js';
import {
  ConnectSessionConflictError,
  UnknownConnectSessionError,
} from '../../domain/connect-sessions/connect-session.errors.js';

/** The headers of a request, as Nest passes them. */
export type GatewayHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** The authenticated caller of the gateway's request. */
export function callerOf(headers: GatewayHeaders): InternalCaller {
  const caller = readCallerHeaders(headers);
  if (caller !== undefined) return caller;
  throw new HttpException(
    {
      code: 'AUTH_BROKER_NO_CALLER',
      message: 'the headers x-mesh-tenant and x-mesh-holder must name the caller; the gateway sets them',
    },
    HttpStatus.BAD_REQUEST,
  );
}

/** Translates the errors that a caller can correct. Any other error is a 500. */
export async function orBrokerError<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw translated(error);
  }
}

function translated(error: unknown): unknown {
  if (error instanceof InvalidIdentityError)
    return httpError(HttpStatus.UNPROCESSABLE_ENTITY, error, { problems: error.problems });
  if (error instanceof MissingRightError)
    return httpError(HttpStatus.FORBIDDEN, error, { scopes: error.scopes });
  if (error instanceof UnknownIdentityError || error instanceof UnknownConnectSessionError)
    return httpError(HttpStatus.NOT_FOUND, error);
  if (error instanceof IdentityConflictError || error instanceof ConnectSessionConflictError)
    return httpError(HttpStatus.CONFLICT, error);
  return error;
}

function httpError(
  status: HttpStatus,
  { code, message }: { readonly code: string; readonly message: string },
  more: Readonly<Record<string, unknown>> = {},
): HttpException {
  return new HttpException({ code, message, ...more }, status);
}
