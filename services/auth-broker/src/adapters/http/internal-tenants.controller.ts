import type { CreatedKey, TenantView } from '@action-mesh/contracts/auth-broker';
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
  Post,
  Put,
} from '@nestjs/common';

import { CreateKey } from '../../application/create-key.js';
import { ListTenants } from '../../application/list-tenants.js';
import { PutTenant } from '../../application/put-tenant.js';
import { RemoveTenant } from '../../application/remove-tenant.js';
import { ShowTenant } from '../../application/show-tenant.js';
import { callerOf, orBrokerError, type GatewayHeaders } from './internal-request.js';

/** The tenants of the mesh, for the gateway. Every request needs `tenants:admin`. */
@Controller('internal/tenants')
export class InternalTenantsController {
  readonly #listTenants: ListTenants;
  readonly #showTenant: ShowTenant;
  readonly #putTenant: PutTenant;
  readonly #removeTenant: RemoveTenant;
  readonly #createKey: CreateKey;

  constructor(
    @Inject(ListTenants) listTenants: ListTenants,
    @Inject(ShowTenant) showTenant: ShowTenant,
    @Inject(PutTenant) putTenant: PutTenant,
    @Inject(RemoveTenant) removeTenant: RemoveTenant,
    @Inject(CreateKey) createKey: CreateKey,
  ) {
    this.#listTenants = listTenants;
    this.#showTenant = showTenant;
    this.#putTenant = putTenant;
    this.#removeTenant = removeTenant;
    this.#createKey = createKey;
  }

  @Get()
  async list(@Headers() headers: GatewayHeaders): Promise<{ readonly tenants: readonly TenantView[] }> {
    return { tenants: await orBrokerError(this.#listTenants.run(callerOf(headers))) };
  }

  @Get(':tenant')
  show(@Headers() headers: GatewayHeaders, @Param('tenant') tenantId: string): Promise<TenantView> {
    return orBrokerError(this.#showTenant.run(callerOf(headers), tenantId));
  }

  @Put(':tenant')
  put(
    @Headers() headers: GatewayHeaders,
    @Param('tenant') tenantId: string,
    @Body() body: unknown,
  ): Promise<TenantView> {
    return orBrokerError(this.#putTenant.run(callerOf(headers), tenantId, body));
  }

  @Delete(':tenant')
  @HttpCode(HttpStatus.NO_CONTENT)
  remove(@Headers() headers: GatewayHeaders, @Param('tenant') tenantId: string): Promise<void> {
    return orBrokerError(this.#removeTenant.run(callerOf(headers), tenantId));
  }

  @Post(':tenant/keys')
  createKey(
    @Headers() headers: GatewayHeaders,
    @Param('tenant') tenantId: string,
    @Body() body: unknown,
  ): Promise<CreatedKey> {
    return orBrokerError(this.#createKey.run(callerOf(headers), tenantId, body));
  }
}
