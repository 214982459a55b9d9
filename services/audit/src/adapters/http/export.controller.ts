import { Readable } from 'node:stream';

import { readCallerHeaders } from '@action-mesh/contracts';
import { exportQuerySchema, type ErasureView } from '@action-mesh/contracts/audit';
import { Controller, Delete, Get, Headers, Inject, Param, Query, Res } from '@nestjs/common';

import { ExportHistory } from '../../application/export-history.js';
import { PersonEraser } from '../../application/person-eraser.port.js';
import { parquetOf } from '../files/parquet-export.js';
import { readInternal, tenantOfCaller, type HistoryHeaders } from './internal-history.controller.js';

/** The part of a reply of Fastify that a stream needs. */
interface StreamReply {
  type(contentType: string): StreamReply;
  send(stream: Readable): unknown;
}

/** Exports and erasures, for the gateway. */
@Controller('internal')
export class ExportController {
  readonly #exportHistory: ExportHistory;
  readonly #eraser: PersonEraser;

  constructor(
    @Inject(ExportHistory) exportHistory: ExportHistory,
    @Inject(PersonEraser) eraser: PersonEraser,
  ) {
    this.#exportHistory = exportHistory;
    this.#eraser = eraser;
  }

  @Get('export')
  export(@Headers() headers: HistoryHeaders, @Query() query: unknown, @Res() reply: StreamReply): void {
    const tenantId = tenantOfCaller(headers);
    const { format } = readInternal(exportQuerySchema, query);
    if (format === 'jsonl')
      reply.type('application/x-ndjson').send(Readable.from(this.#exportHistory.lines(tenantId)));
    else
      reply
        .type('application/vnd.apache.parquet')
        .send(Readable.from(parquetOf(this.#exportHistory.records(tenantId))));
  }

  @Delete('users/:user')
  erase(@Headers() headers: HistoryHeaders, @Param('user') userId: string): Promise<ErasureView> {
    return this.#eraser.erase(tenantOfCaller(headers), userId, readCallerHeaders(headers)?.keyId);
  }
}
