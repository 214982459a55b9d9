import { toolkitVersionSchema, toolSlugSchema } from '@action-mesh/contracts/catalog';
import { Controller, Delete, Get, Inject, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { CatalogClient, type CatalogRequest } from '../../application/catalog-client.port.js';
import { catalogRefused, notInCatalog, type Sought } from '../../domain/catalog-refusals.js';
import { readRefusal } from './internal-refusal.js';
import { readJson, readOptionalJson } from './json-body.js';

/** The possible forms of a name in the address. */
const forms = {
  toolkit: toolSlugSchema,
  version: toolkitVersionSchema,
  slug: toolSlugSchema,
  revision: z.string().regex(/^[1-9]\d{0,8}$/),
};

type Named<Name extends keyof typeof forms> = Readonly<Record<Name, string>>;

/** Routes for dated toolkits, for the channel `stable`, and for the overrides of teams. */
@Controller('v1/toolkits')
export class ToolkitsController {
  readonly #catalog: CatalogClient;

  constructor(@Inject(CatalogClient) catalog: CatalogClient) {
    this.#catalog = catalog;
  }

  @Get()
  list(@Res() reply: FastifyReply): Promise<void> {
    return this.#ask({ method: 'GET', path: [] }, 'toolkit', reply);
  }

  @Get(':toolkit')
  find(@Param() names: Named<'toolkit'>, @Res() reply: FastifyReply): Promise<void> {
    const { toolkit } = possible(names);
    return this.#ask({ method: 'GET', path: [toolkit] }, 'toolkit', reply);
  }

  @Get(':toolkit/changes')
  compare(
    @Param() names: Named<'toolkit'>,
    @Query('from') from: string | undefined,
    @Query('to') to: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { toolkit } = possible(names);
    return this.#ask({ method: 'GET', path: [toolkit, 'changes'], query: { from, to } }, 'version', reply);
  }

  @Put(':toolkit/stable')
  setStable(
    @Param() names: Named<'toolkit'>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { toolkit } = possible(names);
    return this.#ask({ method: 'PUT', path: [toolkit, 'stable'], body: readJson(request) }, 'version', reply);
  }

  @Delete(':toolkit')
  remove(
    @Param() names: Named<'toolkit'>,
    @Query('confirm') confirm: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { toolkit } = possible(names);
    return this.#ask({ method: 'DELETE', path: [toolkit], query: { confirm } }, 'toolkit', reply);
  }

  @Delete(':toolkit/versions/:version')
  retire(@Param() names: Named<'toolkit' | 'version'>, @Res() reply: FastifyReply): Promise<void> {
    const { toolkit, version } = possible(names);
    return this.#ask({ method: 'DELETE', path: [toolkit, 'versions', version] }, 'version', reply);
  }

  @Get(':toolkit/overrides')
  overrides(@Param() names: Named<'toolkit'>, @Res() reply: FastifyReply): Promise<void> {
    const { toolkit } = possible(names);
    return this.#ask({ method: 'GET', path: [toolkit, 'overrides'] }, 'toolkit', reply);
  }

  @Post(':toolkit/tools/:slug/overrides')
  propose(
    @Param() names: Named<'toolkit' | 'slug'>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { toolkit, slug } = possible(names);
    const body = readJson(request);
    return this.#ask({ method: 'POST', path: [toolkit, 'tools', slug, 'overrides'], body }, 'slug', reply);
  }

  @Post(':toolkit/tools/:slug/overrides/:revision/approve')
  approve(
    @Param() names: Named<'toolkit' | 'slug' | 'revision'>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.#decide(names, 'approve', request, reply);
  }

  @Post(':toolkit/tools/:slug/overrides/:revision/reject')
  reject(
    @Param() names: Named<'toolkit' | 'slug' | 'revision'>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.#decide(names, 'reject', request, reply);
  }

  #decide(
    names: Named<'toolkit' | 'slug' | 'revision'>,
    verdict: 'approve' | 'reject',
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const { toolkit, slug, revision } = possible(names);
    const path = [toolkit, 'tools', slug, 'overrides', revision, verdict];
    return this.#ask({ method: 'POST', path, body: readOptionalJson(request) }, 'revision', reply);
  }

  async #ask(question: CatalogRequest, what: Sought['what'], reply: FastifyReply): Promise<void> {
    const { status, body } = await this.#catalog.ask(question);
    if (status >= 400) {
      const refusal = readRefusal(body, 'The catalog refused the request.');
      throw catalogRefused(status, refusal, { what, toolkit: question.path[0] ?? '' });
    }
    void reply.code(status).send(body);
  }
}

/** Returns the names. Throws `RequestRefusedError` for an impossible name, so the catalog is not asked. */
function possible<Names extends Named<'toolkit'> & Partial<Named<keyof typeof forms>>>(names: Names): Names {
  for (const [what, form] of Object.entries(forms) as [keyof typeof forms, z.ZodType][]) {
    if (names[what] === undefined || form.safeParse(names[what]).success) continue;
    throw notInCatalog({ what, toolkit: names.toolkit });
  }
  return names;
}
