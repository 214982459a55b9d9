import { limitMatchSchema, type LimitView } from '@action-mesh/contracts/rate-governor';
import { defined } from '@action-mesh/kernel';
import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  HttpException,
  HttpStatus,
  Inject,
  Param,
  Put,
} from '@nestjs/common';

import { EditLimits } from '../../application/edit-limits.js';
import { InvalidLimitError, LimitIsCodeError, UnknownLimitError } from '../../domain/rate-governor.errors.js';

type Named = string | undefined;
const tenantHeader = 'x-mesh-tenant';

/**
 * The limits of one tenant, for the gateway, which names the tenant. The endpoint has no authentication, so it must not be
 * reachable from outside. The operator's limits have no API.
 */
@Controller('internal/limits')
export class InternalLimitsController {
  readonly #editLimits: EditLimits;

  constructor(@Inject(EditLimits) editLimits: EditLimits) {
    this.#editLimits = editLimits;
  }

  @Get()
  async list(@Headers(tenantHeader) tenant: Named): Promise<{ readonly limits: readonly LimitView[] }> {
    return { limits: await this.#editLimits.list(tenantOf(tenant)) };
  }

  @Get(':id')
  find(@Headers(tenantHeader) tenant: Named, @Param('id') id: string): Promise<LimitView> {
    return orHttpError(this.#editLimits.find(tenantOf(tenant), id));
  }

  @Put(':id')
  put(
    @Headers(tenantHeader) tenant: Named,
    @Param('id') id: string,
    @Body() body: unknown,
  ): Promise<LimitView> {
    return orHttpError(this.#editLimits.put(tenantOf(tenant), id, body));
  }

  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  remove(@Headers(tenantHeader) tenant: Named, @Param('id') id: string): Promise<void> {
    return orHttpError(this.#editLimits.remove(tenantOf(tenant), id));
  }
}

/** The tenant of the gateway's request. */
function tenantOf(header: Named): string {
  const tenant = limitMatchSchema.shape.tenant.safeParse(header).data;
  if (tenant !== undefined) return tenant;
  throw new HttpException(
    {
      code: 'RATE_GOVERNOR_NO_TENANT',
      message: 'the header x-mesh-tenant must name the tenant of the limits',
    },
    HttpStatus.BAD_REQUEST,
  );
}

/** Translates the errors that a caller can correct. Any other error is a 500. */
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
  return new HttpException({ code, message, ...defined({ problems }) }, status);
}
