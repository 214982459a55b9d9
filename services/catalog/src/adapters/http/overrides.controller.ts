import { readCallerHeaders } from '@action-mesh/contracts';
import {
  BadRequestException,
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Inject,
  Param,
  ParseIntPipe,
  Post,
} from '@nestjs/common';

import { checkVerdict } from '../../application/override-request.js';
import {
  ReviewOverrides,
  type OverrideList,
  type ReviewedOverride,
} from '../../application/review-overrides.js';
import { orHttpError } from './http-errors.js';

type Received = Readonly<Record<string, string | string[] | undefined>>;

/** For the gateway and for operators. It has no authentication, so it must not be reachable from outside. */
@Controller('internal/toolkits/:toolkit')
export class OverridesController {
  readonly #overrides: ReviewOverrides;

  constructor(@Inject(ReviewOverrides) overrides: ReviewOverrides) {
    this.#overrides = overrides;
  }

  @Get('overrides')
  list(@Param('toolkit') toolkit: string): Promise<OverrideList> {
    return orHttpError(this.#overrides.list(toolkit));
  }

  @Post('tools/:slug/overrides')
  propose(
    @Param('toolkit') toolkit: string,
    @Param('slug') slug: string,
    @Body() body: unknown,
    @Headers() headers: Received,
  ): Promise<ReviewedOverride> {
    return orHttpError(this.#overrides.propose(toolkit, slug, body, holderOf(headers)));
  }

  @Post('tools/:slug/overrides/:revision/approve')
  @HttpCode(200)
  approve(
    @Param('toolkit') toolkit: string,
    @Param('slug') slug: string,
    @Param('revision', ParseIntPipe) revision: number,
    @Body() body: unknown,
    @Headers() headers: Received,
  ): Promise<ReviewedOverride> {
    return orHttpError(
      this.#decide(body, headers, (by) => this.#overrides.approve(toolkit, slug, revision, by)),
    );
  }

  @Post('tools/:slug/overrides/:revision/reject')
  @HttpCode(200)
  reject(
    @Param('toolkit') toolkit: string,
    @Param('slug') slug: string,
    @Param('revision', ParseIntPipe) revision: number,
    @Body() body: unknown,
    @Headers() headers: Received,
  ): Promise<ReviewedOverride> {
    return orHttpError(
      this.#decide(body, headers, (by) => this.#overrides.reject(toolkit, slug, revision, by)),
    );
  }

  async #decide(
    body: unknown,
    headers: Received,
    decide: (reviewer: string) => Promise<ReviewedOverride>,
  ): Promise<ReviewedOverride> {
    checkVerdict(body);
    return decide(holderOf(headers));
  }
}

/** The holder of the key behind the request, as the gateway has authenticated it. */
function holderOf(headers: Received): string {
  const caller = readCallerHeaders(headers);
  if (caller !== undefined) return caller.holder;
  throw new BadRequestException({
    code: 'CATALOG_NO_CALLER',
    message: 'the headers x-mesh-tenant and x-mesh-holder must name the caller',
  });
}
