import {
  auditQuerySchema,
  exportQuerySchema,
  runQuerySchema,
  verificationQuerySchema,
  type AuditCheckpoint,
  type AuditPage,
  type ErasureView,
  type VerificationView,
} from '@action-mesh/contracts/audit';
import { nameSchema } from '@action-mesh/contracts/gateway';
import { Controller, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';

import { AuditClient } from '../../application/audit-client.port.js';
import { VisibleAudit } from '../../application/visible-audit.js';
import { RequestRefusedError } from '../../domain/gateway.errors.js';
import { callNotFound } from '../../domain/intervention-refusals.js';
import { readQuery, readRequestForm } from '../../domain/request-form.js';
import { principalOf } from './caller-guard.js';
import { Serves } from './serves.js';
import { single } from './waiting-caller.js';

/** Routes for the history: entries, stories of calls and runs, proofs, exports and erasures. */
@Controller()
export class HistoryController {
  readonly #visible: VisibleAudit;
  readonly #audit: AuditClient;

  constructor(@Inject(VisibleAudit) visible: VisibleAudit, @Inject(AuditClient) audit: AuditClient) {
    this.#visible = visible;
    this.#audit = audit;
  }

  @Serves('listEntries')
  entries(@Query() query: unknown, @Req() request: FastifyRequest): Promise<AuditPage> {
    const wanted = readQuery(auditQuerySchema, query, 'a list of entries');
    return this.#visible.entries(principalOf(request), wanted);
  }

  @Serves('tellCall')
  async story(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const story = await this.#visible.story(principalOf(request), id);
    if (story === undefined) throw callNotFound();
    send(request, reply, story, story.text);
  }

  @Serves('tellRun')
  async run(
    @Param('id') id: string,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const wanted = readQuery(runQuerySchema, query, 'a run');
    const run = await this.#visible.run(principalOf(request), id, wanted);
    if (run === undefined) throw runNotFound();
    send(request, reply, run, [`Run ${id}`, ...run.calls.map(({ text }) => text)].join('\n\n'));
  }

  @Serves('readCheckpoint')
  checkpoint(@Req() request: FastifyRequest): Promise<AuditCheckpoint> {
    return this.#audit.checkpoint(principalOf(request));
  }

  @Serves('verifyHistory')
  verify(@Query() query: unknown, @Req() request: FastifyRequest): Promise<VerificationView> {
    const wanted = readQuery(verificationQuerySchema, query, 'a verification');
    return this.#audit.verify(principalOf(request), wanted);
  }

  @Serves('exportHistory')
  async export(
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const wanted = readQuery(exportQuerySchema, query, 'an export');
    const { contentType, bytes } = await this.#audit.export(principalOf(request), wanted);
    void reply
      .headers({
        'content-type': contentType,
        'content-disposition': `attachment; filename="audit.${wanted.format}"`,
        'cache-control': 'no-store',
      })
      .send(Readable.from(bytes));
  }

  @Serves('eraseUser')
  erase(@Param('user') user: string, @Req() request: FastifyRequest): Promise<ErasureView> {
    return this.#audit.erase(principalOf(request), readRequestForm(nameSchema, user, 'the name of a user'));
  }
}

/** The text for a reader that asks for it, else the JSON. */
function send(request: FastifyRequest, reply: FastifyReply, json: object, text: string): void {
  const isText = single(request.headers.accept)?.toLowerCase().startsWith('text/plain') === true;
  reply.headers({ 'cache-control': 'no-store', vary: 'Accept' });
  if (isText) void reply.type('text/plain; charset=utf-8').send(`${text}\n`);
  else void reply.send(json);
}

function runNotFound(): RequestRefusedError {
  return new RequestRefusedError(
    'run_not_found',
    'The history has no call of this run that your key can see.',
    'An entry follows its call within a second or so. GET /v1/audit/entries lists them.',
  );
}
