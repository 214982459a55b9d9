import type { Provider, Type } from '@nestjs/common';

import { FlowsApi } from './adapters/http/flows-api.js';
import { FlowsController } from './adapters/http/flows.controller.js';
import { FlowsClient } from './application/flows-client.port.js';
import type { GatewayConfig } from './config.js';

/** The routes of flows. */
export interface FlowRouteParts {
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
}

/** Binds the routes of flows to their service. */
export function composeFlowRoutes({ flowsUrl, serviceKey }: GatewayConfig): FlowRouteParts {
  return {
    controllers: [FlowsController],
    providers: [{ provide: FlowsClient, useValue: new FlowsApi({ url: flowsUrl, serviceKey }) }],
  };
}
