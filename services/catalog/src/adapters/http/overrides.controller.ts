import { readCallerHeaders } from '@action-mesh/contracts/auth-broker';
import { Body, Controller, Get, Headers, HttpCode, Inject, Param, ParseIntPipe, Post } from '@nestjs/common';

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
    const { holder, rest } = givenBy(headers, body);
    return orHttpError(this.#overrides.propose(toolkit, slug, rest, holder));
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
    const { holder, rest } = givenBy(headers, body);
    checkVerdict(rest);
    return decide(holder);
  }
}

/** The holder of the key behind the request. The gateway has authenticated it, or names a person in the body. */
function givenBy(headers: Received, body: unknown): { readonly holder: string; readonly rest: unknown } {
  const caller = readCallerHeaders(headers);
  if (typeof body !== 'object' || body === null || !('by' in body))
    return { holder: caller?.holder ?? 'operator', rest: body };
  const { by, ...rest } = body;
  return { holder: caller?.holder ?? (typeof by === 'string' ? by : 'operator'), rest };
}
