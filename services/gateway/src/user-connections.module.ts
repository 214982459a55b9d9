import type { IntegrationDirectory } from '@action-mesh/connections';
import type { Provider } from '@nestjs/common';

import type { AuthBrokerClient } from './application/auth-broker-client.port.js';
import type { CallVisibility } from './application/call-visibility.js';
import { ConnectedTools } from './application/connected-tools.js';
import { SendProxied, type SendProxiedParts } from './application/send-proxied.js';
import { VisibleConnections } from './application/visible-connections.js';

interface UserConnectionNeeds extends SendProxiedParts {
  readonly integrations: IntegrationDirectory;
  readonly broker: AuthBrokerClient;
  readonly visibility: CallVisibility;
}

/** The use cases around connections of users: their routes, the tools that they open, and the proxy. */
export function userConnections({
  broker,
  visibility,
  integrations,
  tools,
  execute,
}: UserConnectionNeeds): Provider[] {
  return [
    { provide: SendProxied, useValue: new SendProxied({ execute, integrations, tools }) },
    { provide: VisibleConnections, useValue: new VisibleConnections(broker, visibility) },
    { provide: ConnectedTools, useValue: new ConnectedTools(broker, integrations, visibility) },
  ];
}
