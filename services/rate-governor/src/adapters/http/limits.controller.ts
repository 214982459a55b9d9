import type { LimitView } from '@action-mesh/contracts/rate-governor';
import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  HttpException,
  HttpStatus,
  Inject,
  Param,
  Put,
} from '@nestjs/common';

import { EditLimits } from '../../application/edit-limits.js';
import { InvalidLimitError, LimitIsCodeError, UnknownLimitError } from '../../domain/rate-governor.errors.js';

/** For the gateway and for operators. Not for the outside: nobody is asked who they are. */
@Controller('internal/limits')
export class LimitsController {
  readonly #editLimits: EditLimits;

  constructor(@Inject(EditLimits) editLimits: EditLimits) {
    this.#editLimits = editLimits;
  }

  @Get()
  async list(): Promise<{ readonly limits: readonly LimitView[] }> {
    return { limits: await this.#editLimits.list() };
  }

  @Get(':id')
  find(@Param('id') id: string): Promise<LimitView> {
    return orHttpError(this.#editLimits.find(id));
  }

  @Put(':id')
  put(@Param('id') id: string, @Body() body: unknown): Promise<LimitView> {
    return orHttpError(this.#editLimits.put(id, body));
  }

  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  remove(@Param('id') id: string): Promise<void> {
    return orHttpError(this.#editLimits.remove(id));
  }
}

/** The errors that a caller can do something about; any other is a 500. */
async function orHttpError<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof InvalidLimitError)
      throw httpError(HttpStatus.UNPROCESSABLE_ENTITY, error, error.problems);
    if (error instanceof LimitIsCodeError) throw httpError(HttpStatus.CONFLICT, error);
    if (error instanceof UnknownLimitError) throw httpError(HttpStatus.NOT_FOUND, error);
    throw error;
  }
}

function httpError(
  status: HttpStatus,
  { code, message }: { readonly code: string; readonly message: string },
  problems?: InvalidLimitError['problems'],
): HttpException {
  return new HttpException({ code, message, ...(problems === undefined ? {} : { problems }) }, status);
}
