import { Controller, Delete, Get, Inject, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { CatalogDesk, type CatalogQuestion } from '../../application/catalog-desk.port.js';
import { readJson } from './json-body.js';
import { HttpProblemError } from './problem.js';

const refusalSchema = z.object({
  message: z.string(),
  problems: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
});

/** Dated toolkits, where `stable` stands, and what teams change about imported tools. */
@Controller('v1/toolkits')
export class ToolkitsController {
  constructor(@Inject(CatalogDesk) private readonly catalog: CatalogDesk) {}

  @Get()
  list(@Res() reply: FastifyReply): Promise<void> {
    return this.#ask({ method: 'GET', path: [] }, reply);
  }

  @Get(':toolkit')
  find(@Param('toolkit') toolkit: string, @Res() reply: FastifyReply): Promise<void> {
    return this.#ask({ method: 'GET', path: [toolkit] }, reply);
  }

  @Get(':toolkit/changes')
  compare(
    @Param('toolkit') toolkit: string,
    @Query('from') from: string | undefined,
    @Query('to') to: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.#ask({ method: 'GET', path: [toolkit, 'changes'], query: { from, to } }, reply);
  }

  @Put(':toolkit/stable')
  setStable(
    @Param('toolkit') toolkit: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.#ask({ method: 'PUT', path: [toolkit, 'stable'], body: readJson(request) }, reply);
  }

  @Delete(':toolkit/versions/:version')
  retire(
    @Param('toolkit') toolkit: string,
    @Param('version') version: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.#ask({ method: 'DELETE', path: [toolkit, 'versions', version] }, reply);
  }

  @Get(':toolkit/overrides')
  overrides(@Param('toolkit') toolkit: string, @Res() reply: FastifyReply): Promise<void> {
    return this.#ask({ method: 'GET', path: [toolkit, 'overrides'] }, reply);
  }

  @Post(':toolkit/tools/:slug/overrides')
  propose(
    @Param('toolkit') toolkit: string,
    @Param('slug') slug: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const body = readJson(request);
    return this.#ask({ method: 'POST', path: [toolkit, 'tools', slug, 'overrides'], body }, reply);
  }

  @Post(':toolkit/tools/:slug/overrides/:revision/approve')
  approve(
    @Param() { toolkit, slug, revision }: Readonly<Record<'toolkit' | 'slug' | 'revision', string>>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.#decide(toolkit, slug, revision, 'approve', request, reply);
  }

  @Post(':toolkit/tools/:slug/overrides/:revision/reject')
  reject(
    @Param() { toolkit, slug, revision }: Readonly<Record<'toolkit' | 'slug' | 'revision', string>>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.#decide(toolkit, slug, revision, 'reject', request, reply);
  }

  #decide(
    toolkit: string,
    slug: string,
    revision: string,
    verdict: 'approve' | 'reject',
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const path = [toolkit, 'tools', slug, 'overrides', revision, verdict];
    return this.#ask({ method: 'POST', path, body: readJson(request) }, reply);
  }

  async #ask(question: CatalogQuestion, reply: FastifyReply): Promise<void> {
    const { status, body } = await this.catalog.ask(question);
    if (status < 400) {
      void reply.code(status).send(body);
      return;
    }
    const refusal = refusalSchema.safeParse(body).data;
    throw new HttpProblemError({
      ...titles[status === 404 || status === 409 ? status : 422],
      detail: refusal?.message ?? 'The catalog refused the request.',
      ...(refusal?.problems === undefined ? {} : { errors: refusal.problems }),
    });
  }
}

const titles = {
  404: {
    status: 404,
    title: 'Not in the catalog',
    code: 'not_in_catalog',
    fix: 'Look for the names in GET /v1/toolkits.',
  },
  409: {
    status: 409,
    title: 'Refused by the catalog',
    code: 'catalog_refused',
    fix: 'Look at how it stands with GET /v1/toolkits/{toolkit}.',
  },
  422: {
    status: 422,
    title: 'Invalid request to the catalog',
    code: 'invalid_catalog_request',
    fix: 'Correct the places that "errors" names.',
  },
} as const;
