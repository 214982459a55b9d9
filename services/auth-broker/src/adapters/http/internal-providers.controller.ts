import type { ProviderView } from '@action-mesh/contracts/auth-broker';
import { Controller, Get, Headers, Inject, Param } from '@nestjs/common';

import { ShowProvider } from '../../application/integrations/show-provider.js';
import { callerOf, orBrokerError, type GatewayHeaders } from './internal-request.js';

/** The providers of the registry, for the gateway. */
@Controller('internal/providers')
export class InternalProvidersController {
  readonly #showProvider: ShowProvider;

  constructor(@Inject(ShowProvider) showProvider: ShowProvider) {
    this.#showProvider = showProvider;
  }

  @Get()
  list(@Headers() headers: GatewayHeaders): Promise<{ readonly providers: readonly ProviderView[] }> {
    return orBrokerError(
      Promise.resolve().then(() => ({ providers: this.#showProvider.list(callerOf(headers)) })),
    );
  }

  @Get(':provider')
  show(@Headers() headers: GatewayHeaders, @Param('provider') id: string): Promise<ProviderView> {
    return orBrokerError(Promise.resolve().then(() => this.#showProvider.run(callerOf(headers), id)));
  }
}
