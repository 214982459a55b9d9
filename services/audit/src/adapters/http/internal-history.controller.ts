import { readCallerHeaders } from '@action-mesh/contracts';
import {
  auditQuerySchema,
  runQuerySchema,
  verificationQuerySchema,
  type AuditCheckpoint,
  type AuditPage,
  type CallStory,
  type RunStory,
  type VerificationView,
} from '@action-mesh/contracts/audit';
import { schemaProblems } from '@action-mesh/kernel';
import {
  BadRequestException,
  Controller,
  Get,
  Headers,
  Inject,
  NotFoundException,
  Param,
  Query,
} from '@nestjs/common';
import type { z } from 'zod';

import { AskHistory } from '../../application/ask-history.js';

export type HistoryHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** The history of the caller's tenant, for the gateway. */
@Controller('internal')
export class InternalHistoryController {
  readonly #history: AskHistory;

  constructor(@Inject(AskHistory) history: AskHistory) {
    this.#history = history;
  }

  @Get('entries')
  entries(@Headers() headers: HistoryHeaders, @Query() query: unknown): Promise<AuditPage> {
    return this.#history.entries(tenantOfCaller(headers), readInternal(auditQuerySchema, query));
  }

  @Get('calls/:call/story')
  async story(@Headers() headers: HistoryHeaders, @Param('call') callId: string): Promise<CallStory> {
    return orUnknown(await this.#history.story(tenantOfCaller(headers), callId));
  }

  @Get('runs/:run')
  async run(
    @Headers() headers: HistoryHeaders,
    @Param('run') runId: string,
    @Query() query: unknown,
  ): Promise<RunStory> {
    return orUnknown(
      await this.#history.run(tenantOfCaller(headers), runId, readInternal(runQuerySchema, query)),
    );
  }

  @Get('checkpoint')
  checkpoint(@Headers() headers: HistoryHeaders): Promise<AuditCheckpoint> {
    return this.#history.checkpoint(tenantOfCaller(headers));
  }

  @Get('verification')
  verify(@Headers() headers: HistoryHeaders, @Query() query: unknown): Promise<VerificationView> {
    return this.#history.verify(tenantOfCaller(headers), readInternal(verificationQuerySchema, query));
  }
}

/** The tenant of the gateway's caller. */
export function tenantOfCaller(headers: HistoryHeaders): string {
  const caller = readCallerHeaders(headers);
  if (caller !== undefined) return caller.tenantId;
  throw new BadRequestException({
    code: 'AUDIT_NO_CALLER',
    message: 'the headers x-mesh-tenant and x-mesh-holder must name the caller; the gateway sets them',
  });
}

/** Reads a query. An error names the place of each fault, never its value. */
export function readInternal<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const result = schema.safeParse(given ?? {});
  if (result.success) return result.data;
  throw new BadRequestException({
    code: 'AUDIT_INVALID_REQUEST',
    message: 'the query is not valid',
    problems: schemaProblems(result.error.issues),
  });
}

function orUnknown<Found>(found: Found | undefined): Found {
  if (found === undefined) throw new NotFoundException('the history knows nothing of it');
  return found;
}
