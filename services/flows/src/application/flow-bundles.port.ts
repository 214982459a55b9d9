import type { FlowDefinition } from '@action-mesh/flow-api';
import type { JsonValue } from '@action-mesh/kernel';

/** The settings of a deployment, as its flows see them. */
export type FlowSettings = Readonly<Record<string, JsonValue>>;

/** A flow with its settings, and the digest of the bundle that holds both. */
export interface DeployedFlow {
  readonly tenantId: string;
  readonly flow: FlowDefinition;
  readonly digest: string;
  readonly config: FlowSettings;
}

/** The flows of this instance: those that new runs use, and the bundles of open runs. */
export interface FlowBundles {
  /** The newest version of each flow. */
  readonly current: readonly DeployedFlow[];
  find(tenantId: string, flow: string): DeployedFlow | undefined;
  /** The flow of a bundle, also of one that another instance has deployed. Undefined: its code is gone. */
  byDigest(tenantId: string, flow: string, digest: string): Promise<DeployedFlow | undefined>;
}
