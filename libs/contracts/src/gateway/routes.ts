import {
  formRoute as form,
  pageRoute as page,
  readRoute as read,
  removeRoute as remove,
  toolkitBodyBytes,
  writeRoute as write,
  type Route,
} from './route.js';
import { auditRoutes } from './audit-routes.js';
import { flowRoutes } from './flow-routes.js';
import { webhookRoutes } from './webhook-routes.js';
import { triggerRoutes } from './trigger-routes.js';

/** Every route of the gateway. A request without a route here is refused. */
export const routes = {
  live: read('/health/live', 'open', 'mesh', 'Whether the process runs'),
  ready: read('/health/ready', 'open', 'mesh', 'Whether the gateway takes calls'),
  readMetrics: read('/metrics', 'open', 'mesh', 'Read the metrics of the gateway; METRICS_KEY opens them'),

  speakMcp: write(
    'POST',
    '/mcp',
    'tools:read',
    'caller',
    'List tools and call them by the Model Context Protocol',
  ),
  readMcpResource: read(
    '/.well-known/oauth-protected-resource/mcp',
    'open',
    'mesh',
    'Find the authorization servers of /mcp',
  ),
  readResource: read(
    '/.well-known/oauth-protected-resource',
    'open',
    'mesh',
    'Find the authorization servers of /mcp, for clients that know only the host',
  ),

  readOpenApi: read('/v1/openapi.json', 'open', 'mesh', 'Fetch the OpenAPI document of the gateway'),
  openReference: page('/docs', 'The reference of the API'),
  openReferencePart: page('/docs/:part', 'A script or a style of the reference'),

  executeTool: write(
    'POST',
    '/v1/tools/:slug/execute',
    'calls:write',
    'caller',
    'Run a tool and wait for its outcome',
  ),
  submitCalls: write('POST', '/v1/calls', 'calls:write', 'caller', 'Submit one call or many'),
  listCalls: read('/v1/calls', 'calls:read', 'caller', 'List calls'),
  findCall: read('/v1/calls/:id', 'calls:read', 'caller', 'Show a call'),
  compareCalls: read('/v1/calls/:id/comparison', 'calls:read', 'caller', 'Compare two calls'),
  findAttempts: read('/v1/calls/:id/attempts', 'calls:read', 'caller', 'Show the attempts of a call'),
  findResult: read('/v1/calls/:id/result', 'calls:read', 'caller', 'Fetch the result of a call'),
  readOutcomes: read('/v1/outcomes', 'calls:read', 'caller', 'Read outcomes as they come'),
  cancelCall: write('POST', '/v1/calls/:id/cancel', 'calls:write', 'caller', 'Cancel a call'),
  compensateCall: write('POST', '/v1/calls/:id/compensate', 'calls:write', 'caller', 'Undo a call'),
  compensateSaga: write(
    'POST',
    '/v1/sagas/:id/compensate',
    'calls:write',
    'caller',
    'Undo the calls of a saga',
  ),

  listApprovals: read('/v1/approvals', 'calls:read', 'caller', 'List approvals that policies ask for'),
  findApproval: read('/v1/approvals/:id', 'calls:read', 'caller', 'Show an approval with its arguments'),
  approveCall: write('POST', '/v1/approvals/:id/approve', 'approvals:decide', 'caller', 'Approve a call'),
  rejectCall: write('POST', '/v1/approvals/:id/reject', 'approvals:decide', 'caller', 'Reject a call'),

  listWaiting: read('/v1/waiting', 'calls:read', 'caller', 'List calls that wait'),
  listDead: read('/v1/dead-letters', 'calls:read', 'caller', 'List calls that need a person'),
  findDead: read('/v1/dead-letters/:id', 'calls:read', 'caller', 'Show a call that needs a person'),
  resolveCall: write('POST', '/v1/calls/:id/resolve', 'dlq:admin', 'caller', 'Decide how a call ended'),
  rescheduleCall: write('POST', '/v1/calls/:id/reschedule', 'dlq:admin', 'caller', 'Move a waiting call'),
  redriveCalls: write('POST', '/v1/dead-letters/redrive', 'dlq:admin', 'caller', 'Run dead calls again'),
  redriveCall: write('POST', '/v1/dead-letters/:id/redrive', 'dlq:admin', 'caller', 'Run a dead call again'),
  correctCall: write(
    'POST',
    '/v1/dead-letters/:id/correct',
    'dlq:admin',
    'caller',
    'Replace a dead call by a correct one',
  ),
  listRefused: read('/v1/refused-records', 'dlq:admin', 'tenant', 'List refused records of the ingress'),

  listTools: read('/v1/tools', 'tools:read', 'caller', 'List tools, or search them'),
  findTool: read('/v1/tools/:slug', 'tools:read', 'caller', 'Show a tool'),
  listToolkits: read('/v1/toolkits', 'tools:read', 'caller', 'List toolkits'),
  findToolkit: read('/v1/toolkits/:toolkit', 'tools:read', 'caller', 'Show a toolkit'),
  compareToolkit: read(
    '/v1/toolkits/:toolkit/changes',
    'tools:read',
    'caller',
    'Compare two dates of a toolkit',
  ),
  importToolkit: write(
    'PUT',
    '/v1/toolkits/:toolkit',
    'tools:admin',
    'mesh',
    'Import a toolkit',
    toolkitBodyBytes,
  ),
  setStable: write('PUT', '/v1/toolkits/:toolkit/stable', 'tools:admin', 'mesh', 'Move the channel stable'),
  removeToolkit: remove('/v1/toolkits/:toolkit', 'tools:admin', 'mesh', 'Remove a toolkit'),
  retireToolkit: remove(
    '/v1/toolkits/:toolkit/versions/:version',
    'tools:admin',
    'mesh',
    'Retire a date of a toolkit',
  ),
  listOverrides: read('/v1/toolkits/:toolkit/overrides', 'tools:read', 'caller', 'List overrides of tools'),
  proposeOverride: write(
    'POST',
    '/v1/toolkits/:toolkit/tools/:slug/overrides',
    'tools:admin',
    'mesh',
    'Propose an override',
  ),
  approveOverride: write(
    'POST',
    '/v1/toolkits/:toolkit/tools/:slug/overrides/:revision/approve',
    'tools:admin',
    'mesh',
    'Approve an override of another person',
  ),
  rejectOverride: write(
    'POST',
    '/v1/toolkits/:toolkit/tools/:slug/overrides/:revision/reject',
    'tools:admin',
    'mesh',
    'Reject an override',
  ),

  listLimits: read('/v1/limits', 'limits:read', 'tenant', 'List limits'),
  putLimit: write('PUT', '/v1/limits/:id', 'limits:admin', 'tenant', 'Set a limit'),
  removeLimit: remove('/v1/limits/:id', 'limits:admin', 'tenant', 'Remove a limit'),
  listBreakers: read('/v1/breakers', 'limits:read', 'tenant', 'List breakers'),

  ...triggerRoutes,

  listKeys: read('/v1/keys', 'keys:admin', 'tenant', 'List keys and publisher tokens'),
  createKey: write('POST', '/v1/keys', 'keys:admin', 'tenant', 'Create a key or a publisher token'),
  findKey: read('/v1/keys/:id', 'keys:admin', 'tenant', 'Show a key without its secret'),
  rotateKey: write('POST', '/v1/keys/:id/rotate', 'keys:admin', 'tenant', 'Replace a key, with an overlap'),
  revokeKey: remove('/v1/keys/:id', 'keys:admin', 'tenant', 'Revoke a key'),
  whoAmI: read('/v1/me', 'calls:read', 'caller', 'Show the caller, its scopes and its quota'),

  listSwitches: read('/v1/switches', 'calls:read', 'caller', 'List kill switches that are on'),
  turnOnSwitch: write('POST', '/v1/switches', 'switches:admin', 'tenant', 'Turn on a kill switch'),
  liftSwitch: remove('/v1/switches/:id', 'switches:admin', 'tenant', 'Lift a kill switch'),

  listPolicies: read('/v1/policies', 'calls:read', 'tenant', 'List policies in the order of their trial'),
  findPolicy: read('/v1/policies/:id', 'calls:read', 'tenant', 'Show a policy'),
  putPolicy: write('PUT', '/v1/policies/:id', 'policies:admin', 'tenant', 'Create or change a policy'),
  removePolicy: remove('/v1/policies/:id', 'policies:admin', 'tenant', 'Remove a policy'),
  explainPolicies: write(
    'POST',
    '/v1/policies/explain',
    'calls:read',
    'tenant',
    'Explain the decision of the policies about a call',
  ),

  ...webhookRoutes,

  ...auditRoutes,

  ...flowRoutes,

  createConnectSession: write(
    'POST',
    '/v1/connect-sessions',
    'connections:write',
    'caller',
    'Begin to connect an account of a user',
  ),
  findConnectSession: read(
    '/v1/connect-sessions/:id',
    'connections:read',
    'caller',
    'Show a connect session, or wait for a change of it',
  ),
  completeConnectSession: write(
    'POST',
    '/v1/connect-sessions/:id/complete',
    'connections:write',
    'caller',
    'Connect the account for the user who returned',
  ),
  openConnectPage: page('/connect/:session', 'The page of a connect session'),
  submitConnectPage: form('/connect/:session', 'A step of a connect session'),
  openConnectLink: page('/connect/link/:token', 'The page of a connect link'),
  submitConnectLink: form('/connect/link/:token', 'Begin a session from a connect link'),
  finishConsent: page('/connect/callback/:tenant/:integration', 'The way back from a provider'),
  listProviders: read('/v1/providers', 'connections:read', 'caller', 'List providers of accounts'),
  findProvider: read('/v1/providers/:provider', 'connections:read', 'caller', 'Show a provider of accounts'),
  listIntegrations: read(
    '/v1/integrations',
    'connections:read',
    'caller',
    'List the providers that the tenant has set up',
  ),
  findIntegration: read(
    '/v1/integrations/:integration',
    'connections:read',
    'caller',
    'Show an integration without its secret',
  ),
  putIntegration: write(
    'PUT',
    '/v1/integrations/:integration',
    'connections:admin',
    'tenant',
    'Set up a provider for the users of the tenant',
  ),
  removeIntegration: remove(
    '/v1/integrations/:integration',
    'connections:admin',
    'tenant',
    'Remove an integration',
  ),
  listConnections: read('/v1/connections', 'connections:read', 'caller', 'List connections of users'),
  findConnection: read('/v1/connections/:id', 'connections:read', 'caller', 'Show a connection'),
  setDefaultConnection: write(
    'POST',
    '/v1/connections/:id/default',
    'connections:write',
    'caller',
    'Use a connection for the calls of its user that name none',
  ),
  disconnect: remove(
    '/v1/connections/:id',
    'connections:write',
    'caller',
    'End a connection at its provider',
  ),
  proxyRequest: write(
    'POST',
    '/v1/proxy/:integration',
    'calls:write',
    'caller',
    'Send one HTTP request with the credential of a user',
  ),

  listTenants: read('/v1/tenants', 'tenants:admin', 'mesh', 'List tenants'),
  findTenant: read('/v1/tenants/:tenant', 'tenants:admin', 'mesh', 'Show a tenant'),
  putTenant: write('PUT', '/v1/tenants/:tenant', 'tenants:admin', 'mesh', 'Create or change a tenant'),
  createTenantKey: write(
    'POST',
    '/v1/tenants/:tenant/keys',
    'tenants:admin',
    'mesh',
    'Create a key of any tenant',
  ),
  removeTenant: remove('/v1/tenants/:tenant', 'tenants:admin', 'mesh', 'Remove a tenant and revoke its keys'),
} as const satisfies Record<string, Route>;

/** The name of a route. */
export type RouteName = keyof typeof routes;
