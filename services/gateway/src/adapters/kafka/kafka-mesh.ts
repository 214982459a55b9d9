import { setTimeout as delay } from 'node:timers/promises';

import type { ToolRegistry } from '@action-mesh/admission';
import type { IntegrationDirectory } from '@action-mesh/connections';
import { IdentityPublished, IntegrationPublished, PolicyPublished } from '@action-mesh/contracts/auth-broker';
import { ToolkitPublished, ToolPublished } from '@action-mesh/contracts/catalog';
import { CallOutcome } from '@action-mesh/contracts/executor';
import { TriggerDeclared } from '@action-mesh/contracts/webhooks';
import type { IdentityDirectory } from '@action-mesh/identity';
import {
  BrokerUnavailableError,
  CompactedTopic,
  TopicFollower,
  type IncomingRecord,
  type KafkaClientOptions,
  type KafkaProducer,
} from '@action-mesh/messaging';
import type { PolicySet } from '@action-mesh/policies';
import type { TriggerDirectory } from '@action-mesh/triggers';

import type { MeshLink } from '../../application/mesh-link.port.js';

export interface KafkaMeshOptions {
  readonly client: KafkaClientOptions;
  readonly producer: Pick<KafkaProducer, 'connect'>;
  readonly tools: ToolRegistry;
  readonly identities: Pick<IdentityDirectory, 'put' | 'remove' | 'complete'>;
  readonly integrations: Pick<IntegrationDirectory, 'put' | 'remove' | 'complete'>;
  readonly policies: Pick<PolicySet, 'put' | 'remove' | 'cannotRead' | 'complete'>;
  readonly triggers: Pick<TriggerDirectory, 'put' | 'remove' | 'complete'>;
  /** Returns whether the outcome is taken. */
  readonly onOutcome: (record: IncomingRecord) => boolean;
  readonly onError: (
    error: unknown,
    what: 'outcome' | 'tool' | 'toolkit' | 'identity' | 'integration' | 'policy' | 'trigger',
  ) => void;
}

const reconnectAfterMs = 500;

/** The gateway's subscription to the mesh: every tool, toolkit, identity, integration, policy and trigger, and every outcome from now on. */
export class KafkaMesh implements MeshLink {
  readonly #options: KafkaMeshOptions;
  readonly #outcomes: TopicFollower;
  readonly #missing = new Set<string>();
  readonly #followed: AsyncDisposable[] = [];
  #identities: { readonly joined: boolean } | undefined;

  constructor(options: KafkaMeshOptions) {
    const { client, onOutcome, onError } = options;
    this.#options = options;
    this.#outcomes = new TopicFollower({
      client,
      topic: CallOutcome.topic,
      onRecord: onOutcome,
      onError: (error) => onError(error, 'outcome'),
    });
    this.#missing.add('the connection has not begun');
  }

  get missing(): string | undefined {
    return this.#missing.size === 0 ? undefined : [...this.#missing].join(', ');
  }

  /**
   * The part of the connection that worked before and is down now. The gateway still accepts calls by its last
   * knowledge; their callers may wait longer than necessary.
   */
  get interrupted(): string | undefined {
    if (!this.#outcomes.joined) return 'outcomes cannot be read at the moment';
    return this.#identities?.joined === false ? 'changes of keys cannot be read at the moment' : undefined;
  }

  /** The next offset of each partition of the outcomes. */
  get outcomePositions(): ReadonlyMap<number, number> {
    return this.#outcomes.positions;
  }

  /**
   * Resolves when nothing is missing any more, and waits for a broker that is down. Rejects when the signal fires
   * first.
   */
  async connect(signal: AbortSignal): Promise<void> {
    const steps = [
      this.#step('the log cannot be written', this.#connectProducer(signal)),
      this.#step('outcomes cannot be read', this.#outcomes.start()),
      this.#step('the tools are not known', this.#followTools()),
      this.#step('the keys are not known', this.#followIdentities()),
      this.#step('the integrations are not known', this.#followIntegrations()),
      this.#step('the policies are not known', this.#followPolicies()),
      this.#step('the triggers are not known', this.#followTriggers()),
    ];
    this.#missing.delete('the connection has not begun');
    await Promise.race([Promise.all(steps), rejectionOf(signal)]);
  }

  async close(): Promise<void> {
    await Promise.all([
      this.#outcomes.close(),
      ...this.#followed.map((topic) => topic[Symbol.asyncDispose]()),
    ]);
  }

  async #step(missing: string, step: Promise<void>): Promise<void> {
    this.#missing.add(missing);
    await step;
    this.#missing.delete(missing);
  }

  async #connectProducer(signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        await this.#options.producer.connect();
        return;
      } catch (error) {
        if (!(error instanceof BrokerUnavailableError) || signal.aborted) throw error;
        await delay(reconnectAfterMs, undefined, { signal });
      }
    }
  }

  async #followTools(): Promise<void> {
    const { client, tools, onError } = this.#options;
    const followed = new CompactedTopic({
      client,
      definition: ToolPublished,
      onUndecodable: (error) => onError(error, 'tool'),
      onListenerError: (error) => onError(error, 'tool'),
    });
    const dated = new CompactedTopic({
      client,
      definition: ToolkitPublished,
      onUndecodable: (error) => onError(error, 'toolkit'),
      onListenerError: (error) => onError(error, 'toolkit'),
    });
    this.#followed.push(followed, dated);
    followed.onChange((key, tool) => (tool === undefined ? tools.remove(key) : tools.put(tool)));
    dated.onChange((key, toolkit) =>
      toolkit === undefined ? tools.removeToolkit(key) : tools.putToolkit(toolkit),
    );
    await Promise.all([followed.ready, dated.ready]);
  }

  async #followIdentities(): Promise<void> {
    const { client, identities, onError } = this.#options;
    const published = new CompactedTopic({
      client,
      definition: IdentityPublished,
      onUndecodable: (error) => onError(error, 'identity'),
      onListenerError: (error) => onError(error, 'identity'),
    });
    this.#followed.push(published);
    this.#identities = published;
    published.onChange((key, identity) =>
      identity === undefined ? identities.remove(key) : identities.put(identity),
    );
    await published.ready;
    identities.complete();
  }

  async #followIntegrations(): Promise<void> {
    const { client, integrations, onError } = this.#options;
    const published = new CompactedTopic({
      client,
      definition: IntegrationPublished,
      onUndecodable: (error) => onError(error, 'integration'),
      onListenerError: (error) => onError(error, 'integration'),
    });
    this.#followed.push(published);
    published.onChange((key, integration) =>
      integration === undefined ? integrations.remove(key) : integrations.put(integration),
    );
    await published.ready;
    integrations.complete();
  }

  async #followPolicies(): Promise<void> {
    const { client, policies, onError } = this.#options;
    const published = new CompactedTopic({
      client,
      definition: PolicyPublished,
      onUndecodable: (error, { key }) => {
        policies.cannotRead(String(key));
        onError(error, 'policy');
      },
      onListenerError: (error) => onError(error, 'policy'),
    });
    this.#followed.push(published);
    published.onChange((key, policy) => (policy === undefined ? policies.remove(key) : policies.put(policy)));
    await published.ready;
    policies.complete();
  }

  async #followTriggers(): Promise<void> {
    const { client, triggers, onError } = this.#options;
    const declared = new CompactedTopic({
      client,
      definition: TriggerDeclared,
      onUndecodable: (error) => onError(error, 'trigger'),
      onListenerError: (error) => onError(error, 'trigger'),
    });
    this.#followed.push(declared);
    declared.onChange((key, trigger) =>
      trigger === undefined ? triggers.remove(key) : triggers.put(trigger),
    );
    await declared.ready;
    triggers.complete();
  }
}

function rejectionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
