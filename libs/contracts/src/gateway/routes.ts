import type { KeyScope } from '../auth-broker/scope.js';

/** One route of the gateway. The router, its documents and its authorization tests are made from this table. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With parameters as `:name`. */
  readonly path: string;
  /** The scope that the caller needs, or `open` for a route without authentication. */
  readonly scope: KeyScope | 'open';
  /**
   * The data that a caller reaches. `own`: of its tenant. `users`: of its tenant, and of its users if the key is bound to
   * users. `mesh`: of no tenant.
   */
  readonly reach: 'own' | 'users' | 'mesh';
  /** The largest body, in bytes. Absent: the route takes no body. */
  readonly bodyLimitBytes?: number;
  readonly summary: string;
}

const kilobyte = 1_024;
/** The largest body of an ordinary request, in bytes. */
export const usualBodyBytes = 256 * kilobyte;
/** The largest imported toolkit, in bytes. */
export const toolkitBodyBytes = 32 * kilobyte * kilobyte;

const read = (path: string, scope: Route['scope'], reach: Route['reach'], summary: string) =>
  ({ method: 'GET', path, scope, reach, summary }) as const satisfies Route;

const write = <const Method extends 'POST' | 'PUT'>(
  method: Method,
  path: string,
  scope: KeyScope,
  reach: Route['reach'],
  summary: string,
  bodyLimitBytes = usualBodyBytes,
) => ({ method, path, scope, reach, bodyLimitBytes, summary }) as const satisfies Route;

const remove = (path: string, scope: KeyScope, reach: Route['reach'], summary: string) =>
  ({ method: 'DELETE', path, scope, reach, summary }) as const satisfies Route;

/** Every route of the gateway. A request without a route here is refused. */
export const routes = {
  live: read('/health/live', 'open', 'mesh', 'Whether the process runs'),
  ready: read('/health/ready', 'open', 'mesh', 'Whether the gateway takes calls'),

  executeTool: write(
    'POST',
    '/v1/tools/:slug/execute',
    'calls:write',
    'users',
    'Run a tool and wait for its outcome',
  ),
  submitCalls: write('POST', '/v1/calls', 'calls:write', 'users', 'Submit one call or many'),
  listCalls: read('/v1/calls', 'calls:read', 'users', 'List calls'),
  findCall: read('/v1/calls/:id', 'calls:read', 'users', 'Show a call'),
  cancelCall: write('POST', '/v1/calls/:id/cancel', 'calls:write', 'users', 'Cancel a call'),
  compensateCall: write('POST', '/v1/calls/:id/compensate', 'calls:write', 'users', 'Undo a call'),
  compensateSaga: write(
    'POST',
    '/v1/sagas/:id/compensate',
    'calls:write',
    'users',
    'Undo the calls of a saga',
  ),

  listWaiting: read('/v1/waiting', 'calls:read', 'users', 'List calls that wait'),
  listDead: read('/v1/dead-letters', 'calls:read', 'users', 'List calls that need a person'),
  findDead: read('/v1/dead-letters/:id', 'calls:read', 'users', 'Show a call that needs a person'),
  resolveCall: write('POST', '/v1/calls/:id/resolve', 'dlq:admin', 'own', 'Decide how a call ended'),
  rescheduleCall: write('POST', '/v1/calls/:id/reschedule', 'dlq:admin', 'own', 'Move a waiting call'),
  redriveCalls: write('POST', '/v1/dead-letters/redrive', 'dlq:admin', 'own', 'Run dead calls again'),
  redriveCall: write('POST', '/v1/dead-letters/:id/redrive', 'dlq:admin', 'own', 'Run a dead call again'),
  correctCall: write(
    'POST',
    '/v1/dead-letters/:id/correct',
    'dlq:admin',
    'own',
    'Replace a dead call by a correct one',
  ),
  listRefused: read('/v1/refused-records', 'dlq:admin', 'own', 'List refused records of the ingress'),

  listTools: read('/v1/tools', 'tools:read', 'own', 'List tools, or search them'),
  findTool: read('/v1/tools/:slug', 'tools:read', 'own', 'Show a tool'),
  listToolkits: read('/v1/toolkits', 'tools:read', 'own', 'List toolkits'),
  findToolkit: read('/v1/toolkits/:toolkit', 'tools:read', 'own', 'Show a toolkit'),
  compareToolkit: read(
    '/v1/toolkits/:toolkit/changes',
    'tools:read',
    'own',
    'Compare two dates of a toolkit',
  ),
  importToolkit: write(
    'PUT',
    '/v1/toolkits/:toolkit',
    'tools:admin',
    'own',
    'Import a toolkit',
    toolkitBodyBytes,
  ),
  setStable: write('PUT', '/v1/toolkits/:toolkit/stable', 'tools:admin', 'own', 'Move the channel stable'),
  removeToolkit: remove('/v1/toolkits/:toolkit', 'tools:admin', 'own', 'Remove a toolkit'),
  retireToolkit: remove(
    '/v1/toolkits/:toolkit/versions/:version',
    'tools:admin',
    'own',
    'Retire a date of a toolkit',
  ),
  listOverrides: read('/v1/toolkits/:toolkit/overrides', 'tools:read', 'own', 'List overrides of tools'),
  proposeOverride: write(
    'POST',
    '/v1/toolkits/:toolkit/tools/:slug/overrides',
    'tools:admin',
    'own',
    'Propose an override',
  ),
  approveOverride: write(
    'POST',
    '/v1/toolkits/:toolkit/tools/:slug/overrides/:revision/approve',
    'tools:admin',
    'own',
    'Approve an override of another person',
  ),
  rejectOverride: write(
    'POST',
    '/v1/toolkits/:toolkit/tools/:slug/overrides/:revision/reject',
    'tools:admin',
    'own',
    'Reject an override',
  ),

  listLimits: read('/v1/limits', 'limits:read', 'own', 'List limits'),
  putLimit: write('PUT', '/v1/limits/:id', 'limits:admin', 'own', 'Set a limit'),
  removeLimit: remove('/v1/limits/:id', 'limits:admin', 'own', 'Remove a limit'),
  listBreakers: read('/v1/breakers', 'limits:read', 'own', 'List breakers'),

  fireTrigger: write('POST', '/v1/hooks/:trigger', 'triggers:write', 'own', 'Report an event from outside'),

  listKeys: read('/v1/keys', 'keys:admin', 'own', 'List keys and publisher tokens'),
  createKey: write('POST', '/v1/keys', 'keys:admin', 'own', 'Create a key or a publisher token'),
  findKey: read('/v1/keys/:id', 'keys:admin', 'own', 'Show a key without its secret'),
  rotateKey: write('POST', '/v1/keys/:id/rotate', 'keys:admin', 'own', 'Replace a key, with an overlap'),
  revokeKey: remove('/v1/keys/:id', 'keys:admin', 'own', 'Revoke a key'),
  whoAmI: read('/v1/me', 'calls:read', 'own', 'Show the caller, its scopes and its quota'),

  listSwitches: read('/v1/switches', 'calls:read', 'own', 'List kill switches that are on'),
  turnOnSwitch: write('POST', '/v1/switches', 'switches:admin', 'own', 'Turn on a kill switch'),
  liftSwitch: remove('/v1/switches/:id', 'switches:admin', 'own', 'Lift a kill switch'),

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
