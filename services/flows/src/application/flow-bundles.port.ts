import type { FlowDefinition } from '@action-mesh/flow-api';

/** A flow with the digest of the bundle that holds its code. */
export interface DeployedFlow {
  readonly tenantId: string;
  readonly flow: FlowDefinition;
  readonly digest: string;
}

/** The flows of this instance: those that new runs use, and the bundles of open runs. */
export interface FlowBundles {
  /** The newest version of each flow. */
  readonly current: readonly DeployedFlow[];
  find(tenantId: string, flow: string): DeployedFlow | undefined;
  byDigest(tenantId: string, flow: string, digest: string): FlowDefinition | undefined;
}
