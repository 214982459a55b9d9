// Provider simulator and effect oracle
export { ProviderSimulator, startProviderSimulator } from './provider/provider-simulator.js';
export type {
  Behaviour,
  KeyedEffectCount,
  EffectFilter,
  EffectOutcome,
  EffectReport,
  RecordedRequest,
  RequestFilter,
  RequestMatch,
  SimulatedMode,
  SimulatorOptions,
} from './provider/oracle.js';

// OAuth servers
export { AuthorizationServer, startAuthorizationServer } from './oauth/authorization-server.js';
export type {
  AuthorizationServerClient,
  AuthorizationServerOptions,
} from './oauth/authorization-server-options.js';
export { CookieBrowser } from './oauth/cookie-browser.js';
export { QuirkServer, startQuirkServer } from './oauth/quirk-server.js';
export type { QuirkBehaviour } from './oauth/quirk-behaviour.js';
export type { QuirkTokens } from './oauth/quirk-grants.js';
export type { OAuthEndpoint, OAuthFault, SpoiledAnswer } from './oauth/oauth-fault.js';
export type { OAuthApiCall, OAuthRequest, Redemptions } from './oauth/oauth-record.js';

// Processor time
export { processorMsSince } from './processor-time.js';

// Tools
export { sampleTool } from './sample-tool.js';

// TCP faults
export { FaultProxy, startFaultProxy } from './fault-proxy/fault-proxy.js';
export type { FaultProxyOptions } from './fault-proxy/fault-proxy.js';
export type { FlowDirection, ConnectionEnd, Faults } from './fault-proxy/faults.js';

// Waiting and leaks
export { waitFor } from './wait-for.js';
export type { WaitOptions } from './wait-for.js';
export { assertNoLeaks, leakCheck, takeCensus } from './leak-check.js';
export type { LeakCheckOptions } from './leak-check.js';

// Measurement
export { percentile } from './measurement/percentile.js';
export { textTable } from './measurement/text-table.js';

// Errors
export { LeakError, SimulatorError, WaitTimeoutError } from './testing.errors.js';

// Telemetry
export { OtlpReceiver } from './otlp/otlp-receiver.js';
export type { ReceivedExport, ReceiverMode } from './otlp/otlp-receiver.js';
export type { ReceivedSpan } from './otlp/received-span.js';
