import { randomBytes, randomUUID } from 'node:crypto';

import { Kafka, logLevel, type Consumer, type Producer } from 'kafkajs';

/**
 * An agent without the mesh's own libraries: it uses only Kafka, HTTP and JSON. It subscribes to triggers and outcomes.
 * It sends every call three times at once, like a client that retries after a timeout: twice over HTTP and once over
 * Kafka.
 */

export interface AgentOptions {
  readonly brokers: readonly string[];
  /** The prefix of every topic of this mesh. */
  readonly topicPrefix: string;
  readonly gatewayUrl: string;
  readonly apiKey: string;
  readonly publisherToken: string;
  /** The tenant of the agent. Triggers of other tenants are not its business. */
  readonly tenantId: string;
  readonly report: (step: Step) => void;
}

/** One call of the agent, with the results of its three submissions. */
export interface Step {
  readonly lead: string;
  readonly runId: string;
  readonly tool: string;
  readonly traceId: string;
  readonly submissions: readonly AgentSubmission[];
}

export interface AgentSubmission {
  readonly via: 'http' | 'kafka';
  readonly tookMs: number;
  readonly outcome: OutcomeRecord;
}

/** The fields of `mesh.call.outcome.v1` that this agent reads. */
export interface OutcomeRecord {
  readonly call_id: string;
  readonly duplicate_of?: string;
  readonly replayed: boolean;
  readonly status: string;
  readonly result?: unknown;
  readonly error?: { readonly code: string; readonly message: string };
  readonly recovered: boolean;
}

interface Lead {
  readonly email: string;
}

export class Agent {
  readonly #options: AgentOptions;
  readonly #triggers: Consumer;
  readonly #outcomes: Consumer;
  readonly #producer: Producer;
  readonly #waiting = new Map<string, (outcome: OutcomeRecord) => void>();

  constructor(options: AgentOptions) {
    this.#options = options;
    const kafka = new Kafka({
      clientId: 'example-agent',
      brokers: [...options.brokers],
      logLevel: logLevel.NOTHING,
    });
    this.#triggers = kafka.consumer({ groupId: `example-agent-${randomUUID()}`, maxWaitTimeInMs: 100 });
    this.#outcomes = kafka.consumer({
      groupId: `example-agent-outcomes-${randomUUID()}`,
      maxWaitTimeInMs: 100,
    });
    this.#producer = kafka.producer({ allowAutoTopicCreation: false });
  }

  /** Resolves when the agent receives every trigger and every outcome from now on. */
  async start(): Promise<void> {
    await this.#producer.connect();
    await this.#subscribe(this.#outcomes, 'mesh.outcomes', (value) => {
      const outcome = JSON.parse(value) as OutcomeRecord;
      // The mesh continues by itself. Its next record has the result.
      if (outcome.status === 'waiting' || outcome.status === 'indeterminate') return;
      this.#waiting.get(outcome.call_id)?.(outcome);
    });
    await this.#subscribe(this.#triggers, 'mesh.triggers', (value, traceparent) => {
      const fired = JSON.parse(value) as {
        tenant_id: string;
        trigger: string;
        trigger_id: string;
        payload: Lead;
      };
      if (fired.tenant_id === this.#options.tenantId && fired.trigger === 'new_lead_created')
        void this.#onLead(fired.payload, fired.trigger_id, traceparent);
    });
  }

  async stop(): Promise<void> {
    await Promise.all([
      this.#triggers.disconnect(),
      this.#outcomes.disconnect(),
      this.#producer.disconnect(),
    ]);
  }

  async #onLead({ email }: Lead, runId: string, traceparent: string): Promise<void> {
    let number = 0;
    const step = (thought: string, tool: string, args: object): Promise<OutcomeRecord> => {
      number += 1;
      return this.#callThrice(tool, args, { lead: email, runId, number, thought, traceparent });
    };
    const enriched = await step(`A new lead has only an address. Who is ${email}?`, 'enrich_lead', { email });
    if (enriched.status !== 'succeeded') return;
    const { person, company } = enriched.result as {
      person: { name: string; title: string };
      company: { name: string };
    };
    const updated = await step(
      `${person.name} works for ${company.name}. The CRM should know.`,
      'crm_update_contact',
      {
        email,
        name: person.name,
        title: person.title,
        company: company.name,
      },
    );
    if (updated.status !== 'succeeded') return;
    await step(`${person.name} is in the CRM. Sales should hear of it.`, 'slack_post_message', {
      channel: '#leads',
      text: `New lead: ${person.name} <${email}>, ${person.title} at ${company.name}`,
    });
  }

  async #callThrice(
    tool: string,
    args: object,
    context: { lead: string; runId: string; number: number; thought: string; traceparent: string },
  ): Promise<OutcomeRecord> {
    const call = {
      user_id: 'demo-user',
      agent: { id: 'example-agent', run_id: context.runId, step: context.number, thought: context.thought },
      arguments: args,
    };
    const submissions = await Promise.all([
      timed('http', () => this.#overHttp(tool, call, context.traceparent)),
      timed('http', () => this.#overHttp(tool, call, context.traceparent)),
      timed('kafka', () => this.#overKafka(tool, call, context.traceparent)),
    ]);
    const traceId = context.traceparent.split('-')[1] ?? '';
    this.#options.report({ lead: context.lead, runId: context.runId, tool, traceId, submissions });
    return submissions[0].outcome;
  }

  async #overHttp(tool: string, call: object, traceparent: string): Promise<OutcomeRecord> {
    const response = await fetch(`${this.#options.gatewayUrl}/v1/tools/${tool}/execute`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${this.#options.apiKey}`,
        'content-type': 'application/json',
        prefer: 'wait=60',
        traceparent,
      },
      body: JSON.stringify(call),
    });
    const body = (await response.json()) as OutcomeRecord;
    if (response.status !== 200)
      throw new Error(`${tool} was answered ${response.status}: ${JSON.stringify(body)}`);
    return body;
  }

  async #overKafka(tool: string, call: object, traceparent: string): Promise<OutcomeRecord> {
    const callId = uuidV7();
    const outcome = new Promise<OutcomeRecord>((resolve) => this.#waiting.set(callId, resolve));
    await this.#producer.send({
      topic: `${this.#options.topicPrefix}mesh.ingress`,
      messages: [
        {
          key: callId,
          value: JSON.stringify({ ...call, call_id: callId, tool: { slug: tool } }),
          headers: {
            ce_specversion: '1.0',
            ce_type: 'mesh.call.submitted.v1',
            ce_source: '/agents/example',
            ce_id: callId,
            'content-type': 'application/json',
            'mesh-publisher-token': this.#options.publisherToken,
            traceparent,
          },
        },
      ],
    });
    const answered = await outcome;
    this.#waiting.delete(callId);
    return answered;
  }

  async #subscribe(
    consumer: Consumer,
    topic: string,
    handle: (value: string, traceparent: string) => void,
  ): Promise<void> {
    await consumer.connect();
    await consumer.subscribe({ topic: this.#options.topicPrefix + topic, fromBeginning: true });
    const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
    await consumer.run({
      eachMessage: ({ message }) => {
        handle(message.value?.toString() ?? 'null', message.headers?.['traceparent']?.toString() ?? '');
        return Promise.resolve();
      },
    });
    await joined;
  }
}

async function timed(
  via: AgentSubmission['via'],
  submit: () => Promise<OutcomeRecord>,
): Promise<AgentSubmission> {
  const startedAtMs = performance.now();
  const outcome = await submit();
  return { via, tookMs: performance.now() - startedAtMs, outcome };
}

/** RFC 9562, section 5.7. */
function uuidV7(): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes.writeUInt8(0x70 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
