import { Body, Controller, Get, HttpCode, Inject, Param, ParseIntPipe, Post } from '@nestjs/common';

import {
  ReviewOverrides,
  type OverrideList,
  type ReviewedOverride,
} from '../../application/review-overrides.js';
import { orHttpError } from './http-errors.js';

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
  ): Promise<ReviewedOverride> {
    return orHttpError(this.#overrides.propose(toolkit, slug, body));
  }

  @Post('tools/:slug/overrides/:revision/approve')
  @HttpCode(200)
  approve(
    @Param('toolkit') toolkit: string,
    @Param('slug') slug: string,
    @Param('revision', ParseIntPipe) revision: number,
    @Body() body: unknown,
  ): Promise<ReviewedOverride> {
    return orHttpError(this.#overrides.approve(toolkit, slug, revision, body));
  }

  @Post('tools/:slug/overrides/:revision/reject')
  @HttpCode(200)
  reject(
    @Param('toolkit') toolkit: string,
    @Param('slug') slug: string,
    @Param('revision', ParseIntPipe) revision: number,
    @Body() body: unknown,
  ): Promise<ReviewedOverride> {
    return orHttpError(this.#overrides.reject(toolkit, slug, revision, body));
  }
}
