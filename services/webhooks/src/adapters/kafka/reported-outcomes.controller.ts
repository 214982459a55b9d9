import { CallOutcome } from '@action-mesh/contracts/executor';
import type { EventData } from '@action-mesh/kernel';
import { ack, EventHandler, retry, type Outcome, type RecordContext } from '@action-mesh/messaging';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';

import { TakeOutcomes } from '../../application/endpoints/take-outcomes.js';
import { DeliveryRecordUnavailableError } from '../../domain/webhooks.errors.js';

/** The event without its result and its attempts, which no filter needs. */
const ReportedCall = {
  ...CallOutcome,
  schema: CallOutcome.schema.pick({
    call_id: true,
    duplicate_of: true,
    replayed: true,
    seq: true,
    tenant_id: true,
    user_id: true,
    agent: true,
    tool: true,
    status: true,
    error: true,
    at: true,
    ended_at: true,
  }),
  key: ({ call_id: id }: { readonly call_id: string }) => id,
};

const pauseMs = 500;

/** Takes outcomes from `mesh.outcomes`. A record keeps its offset until its deliveries are committed. */
@Controller()
export class ReportedOutcomesController {
  readonly #takeOutcomes: TakeOutcomes;

  constructor(@Inject(TakeOutcomes) takeOutcomes: TakeOutcomes) {
    this.#takeOutcomes = takeOutcomes;
  }

  @EventHandler(ReportedCall, { concurrency: 1_024, ordered: false })
  async onOutcome(
    @Payload() reported: EventData<typeof ReportedCall>,
    @Ctx() { record }: RecordContext,
  ): Promise<Outcome> {
    try {
      await this.#takeOutcomes.run({
        selectable: {
          tenantId: reported.tenant_id,
          userId: reported.user_id,
          agentId: reported.agent?.id,
          runId: reported.agent?.run_id,
          tool: reported.tool.slug,
          status: reported.status,
          callId: reported.call_id,
          seq: reported.seq,
          at: reported.at,
        },
        reported,
        text: () => record.value?.toString('utf8') ?? 'null',
      });
      return ack;
    } catch (error) {
      if (error instanceof DeliveryRecordUnavailableError) return retry(Date.now() + pauseMs);
      throw error;
    }
  }
}
