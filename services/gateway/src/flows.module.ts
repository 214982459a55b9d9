import type { Provider, Type } from '@nestjs/common';

import { FlowsAdministration } from './adapters/http/flows-administration.js';
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
    providers: [{ provide: FlowsClient, useValue: new FlowsAdministration({ url: flowsUrl, serviceKey }) }],
  };
}
