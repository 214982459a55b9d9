import { defined } from '@action-mesh/kernel';
import { HttpException, HttpStatus } from '@nestjs/common';

import {
  CatalogRefusedError,
  InvalidCatalogRequestError,
  NotInCatalogError,
  ToolkitConflictError,
  ToolNameTakenError,
} from '../../domain/catalog.errors.js';

/** Translates errors that a caller can correct into statuses. Any other error is a 500. */
export async function orHttpError<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof InvalidCatalogRequestError) {
      throw httpError(HttpStatus.UNPROCESSABLE_ENTITY, error, error.problems);
    }
    if (error instanceof NotInCatalogError) throw httpError(HttpStatus.NOT_FOUND, error);
    if (
      error instanceof CatalogRefusedError ||
      error instanceof ToolNameTakenError ||
      error instanceof ToolkitConflictError
    ) {
      throw httpError(HttpStatus.CONFLICT, error);
    }
    throw error;
  }
}

function httpError(
  status: HttpStatus,
  { code, message }: { readonly code: string; readonly message: string },
  problems?: InvalidCatalogRequestError['problems'],
): HttpException {
  return new HttpException({ code, message, ...defined({ problems }) }, status);
}
