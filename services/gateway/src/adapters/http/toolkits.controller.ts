import { toolkitVersionSchema, toolSlugSchema } from '@action-mesh/contracts/catalog';
import { Controller, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { CatalogClient, type CatalogRequest } from '../../application/catalog-client.port.js';
import { catalogRefused, notInCatalog, type Sought } from '../../domain/catalog-refusals.js';
import { principalOf } from './caller-guard.js';
import { keyTooNarrow } from './caller-refusals.js';
import { readRefusal } from './internal-refusal.js';
import { readBytes, readJson, readOptionalJson } from './json-body.js';
import { Serves } from './serves.js';

/** The possible forms of a name in the address. */
const forms = {
  toolkit: toolSlugSchema,
  version: toolkitVersionSchema,
  slug: toolSlugSchema,
  revision: z.string().regex(/^[1-9]\d{0,8}$/),
};

type Named<Name extends keyof typeof forms> = Readonly<Record<Name, string>>;

type CatalogWork = Omit<CatalogRequest, 'caller'>;

/** Routes for dated toolkits, for the channel `stable`, for imports, and for the overrides of teams. */
@Controller()
export class ToolkitsController {
  readonly #catalog: CatalogClient;

  constructor(@Inject(CatalogClient) catalog: CatalogClient) {
    this.#catalog = catalog;
  }

  @Serves('listToolkits')
  list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#show({ method: 'GET', path: [] }, 'toolkit', request, reply);
  }

  @Serves('findToolkit')
  find(
    @Param() names: Named<'toolkit'>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { toolkit } = possible(names);
    return this.#show({ method: 'GET', path: [toolkit] }, 'toolkit', request, reply);
  }

  @Serves('compareToolkit')
  compare(
    @Param() names: Named<'toolkit'>,
    @Query() { from, to }: { readonly from?: string; readonly to?: string },
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { toolkit } = possible(names);
    const work: CatalogWork = { method: 'GET', path: [toolkit, 'changes'], query: { from, to } };
    return this.#show(work, 'version', request, reply);
  }

  /** Passes the bytes on, since the catalog reads an import by its own rules. */
  @Serves('importToolkit')
  import(
    @Param() names: Named<'toolkit'>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { toolkit } = possible(names);
    const body = readBytes(request);
    return this.#ask({ method: 'POST', path: [toolkit, 'imports'], body }, 'toolkit', request, reply);
  }

  @Serves('setStable')
  setStable(
    @Param() names: Named<'toolkit'>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { toolkit } = possible(names);
    const body = readJson(request);
    return this.#ask({ method: 'PUT', path: [toolkit, 'stable'], body }, 'version', request, reply);
  }

  @Serves('removeToolkit')
  remove(
    @Param() names: Named<'toolkit'>,
    @Query('confirm') confirm: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { toolkit } = possible(names);
    return this.#ask({ method: 'DELETE', path: [toolkit], query: { confirm } }, 'toolkit', request, reply);
  }

  @Serves('retireToolkit')
  retire(
    @Param() names: Named<'toolkit' | 'version'>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { toolkit, version } = possible(names);
    return this.#ask({ method: 'DELETE', path: [toolkit, 'versions', version] }, 'version', request, reply);
  }

  @Serves('listOverrides')
  overrides(
    @Param() names: Named<'toolkit'>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { toolkit } = possible(names);
    return this.#show({ method: 'GET', path: [toolkit, 'overrides'] }, 'toolkit', request, reply);
  }

  @Serves('proposeOverride')
  propose(
    @Param() names: Named<'toolkit' | 'slug'>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { toolkit, slug } = possible(names);
    const body = readJson(request);
    const path = [toolkit, 'tools', slug, 'overrides'];
    return this.#ask({ method: 'POST', path, body }, 'slug', request, reply);
  }

  @Serves('approveOverride')
  approve(
    @Param() names: Named<'toolkit' | 'slug' | 'revision'>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.#decide(names, 'approve', request, reply);
  }

  @Serves('rejectOverride')
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
    const body = readOptionalJson(request);
    return this.#ask({ method: 'POST', path, body }, 'revision', request, reply);
  }

  /** The catalog shows whole toolkits, so a key that is limited to tools sees none. `GET /v1/tools` shows its tools. */
  async #show(
    work: CatalogWork,
    what: Sought['what'],
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    if (principalOf(request).tools !== undefined) throw keyTooNarrow();
    await this.#ask(work, what, request, reply);
  }

  async #ask(
    work: CatalogWork,
    what: Sought['what'],
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const { status, body } = await this.#catalog.ask({ caller: principalOf(request), ...work });
    if (status >= 400) {
      const refusal = readRefusal(body, 'The catalog refused the request.');
      throw catalogRefused(status, refusal, { what, toolkit: work.path[0] ?? '' });
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
