import type { PolicyList, PolicyView } from '@action-mesh/contracts/auth-broker';
import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  HttpStatus,
  Inject,
  Param,
  Put,
  Query,
} from '@nestjs/common';

import { PutPolicy } from '../../application/policies/put-policy.js';
import { RemovePolicy } from '../../application/policies/remove-policy.js';
import { ShowPolicies } from '../../application/policies/show-policies.js';
import { callerOf, orBrokerError, type GatewayHeaders } from './internal-request.js';

/** The policies of the caller's tenant, for the gateway. */
@Controller('internal/policies')
export class InternalPoliciesController {
  readonly #showPolicies: ShowPolicies;
  readonly #putPolicy: PutPolicy;
  readonly #removePolicy: RemovePolicy;

  constructor(
    @Inject(ShowPolicies) showPolicies: ShowPolicies,
    @Inject(PutPolicy) putPolicy: PutPolicy,
    @Inject(RemovePolicy) removePolicy: RemovePolicy,
  ) {
    this.#showPolicies = showPolicies;
    this.#putPolicy = putPolicy;
    this.#removePolicy = removePolicy;
  }

  @Get()
  async list(@Headers() headers: GatewayHeaders): Promise<PolicyList> {
    return { policies: await orBrokerError(this.#showPolicies.list(callerOf(headers))) };
  }

  @Get(':id')
  show(@Headers() headers: GatewayHeaders, @Param('id') id: string): Promise<PolicyView> {
    return orBrokerError(this.#showPolicies.run(callerOf(headers), id));
  }

  @Put(':id')
  put(
    @Headers() headers: GatewayHeaders,
    @Param('id') id: string,
    @Body() body: unknown,
  ): Promise<PolicyView> {
    return orBrokerError(this.#putPolicy.run(callerOf(headers), id, body));
  }

  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  remove(
    @Headers() headers: GatewayHeaders,
    @Param('id') id: string,
    @Query() query: unknown,
  ): Promise<void> {
    return orBrokerError(this.#removePolicy.run(callerOf(headers), id, query));
  }
}
