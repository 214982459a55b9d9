import type { CreatedKey, KeyView } from '@action-mesh/contracts/auth-broker';
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
} from '@nestjs/common';

import { CreateKey } from '../../application/create-key.js';
import { ListKeys } from '../../application/list-keys.js';
import { RevokeKey } from '../../application/revoke-key.js';
import { RotateKey } from '../../application/rotate-key.js';
import { ShowKey } from '../../application/show-key.js';
import { callerOf, orBrokerError, type GatewayHeaders } from './internal-request.js';

/** The keys of the caller's tenant, for the gateway. */
@Controller('internal/keys')
export class InternalKeysController {
  readonly #createKey: CreateKey;
  readonly #rotateKey: RotateKey;
  readonly #revokeKey: RevokeKey;
  readonly #listKeys: ListKeys;
  readonly #showKey: ShowKey;

  constructor(
    @Inject(CreateKey) createKey: CreateKey,
    @Inject(RotateKey) rotateKey: RotateKey,
    @Inject(RevokeKey) revokeKey: RevokeKey,
    @Inject(ListKeys) listKeys: ListKeys,
    @Inject(ShowKey) showKey: ShowKey,
  ) {
    this.#createKey = createKey;
    this.#rotateKey = rotateKey;
    this.#revokeKey = revokeKey;
    this.#listKeys = listKeys;
    this.#showKey = showKey;
  }

  @Get()
  async list(@Headers() headers: GatewayHeaders): Promise<{ readonly keys: readonly KeyView[] }> {
    const caller = callerOf(headers);
    return { keys: await orBrokerError(this.#listKeys.run(caller, caller.tenantId)) };
  }

  @Post()
  create(@Headers() headers: GatewayHeaders, @Body() body: unknown): Promise<CreatedKey> {
    const caller = callerOf(headers);
    return orBrokerError(this.#createKey.run(caller, caller.tenantId, body));
  }

  @Get(':id')
  show(@Headers() headers: GatewayHeaders, @Param('id') id: string): Promise<KeyView> {
    const caller = callerOf(headers);
    return orBrokerError(this.#showKey.run(caller, caller.tenantId, id));
  }

  @Post(':id/rotate')
  rotate(
    @Headers() headers: GatewayHeaders,
    @Param('id') id: string,
    @Body() body: unknown,
  ): Promise<CreatedKey> {
    const caller = callerOf(headers);
    return orBrokerError(this.#rotateKey.run(caller, caller.tenantId, id, body));
  }

  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  revoke(@Headers() headers: GatewayHeaders, @Param('id') id: string): Promise<void> {
    const caller = callerOf(headers);
    return orBrokerError(this.#revokeKey.run(caller, caller.tenantId, id));
  }
}
