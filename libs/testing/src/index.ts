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
