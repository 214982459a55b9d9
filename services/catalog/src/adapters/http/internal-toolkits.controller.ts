import { type ImportedToolkit, toolkitVersionSchema } from '@action-mesh/contracts/catalog';
import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { z } from 'zod';

import { ImportToolkit } from '../../application/import-toolkit.js';
import {
  ToolkitAdministration,
  type DeletedToolkit,
  type ToolkitDifference,
  type ToolkitView,
} from '../../application/toolkit-administration.js';
import { InvalidCatalogRequestError } from '../../domain/catalog.errors.js';
import { orHttpError } from './http-errors.js';

const stableSchema = z.strictObject({ version: toolkitVersionSchema });

/** For the gateway and for operators. It has no authentication, so it must not be reachable from outside. */
@Controller('internal/toolkits')
export class InternalToolkitsController {
  readonly #administration: ToolkitAdministration;
  readonly #importToolkit: ImportToolkit;

  constructor(
    @Inject(ToolkitAdministration) administration: ToolkitAdministration,
    @Inject(ImportToolkit) importToolkit: ImportToolkit,
  ) {
    this.#administration = administration;
    this.#importToolkit = importToolkit;
  }

  @Get()
  async list(): Promise<{ readonly toolkits: readonly ToolkitView[] }> {
    return { toolkits: await this.#administration.list() };
  }

  @Get(':toolkit')
  find(@Param('toolkit') toolkit: string): Promise<ToolkitView> {
    return orHttpError(this.#administration.find(toolkit));
  }

  @Get(':toolkit/changes')
  compare(
    @Param('toolkit') toolkit: string,
    @Query('from') from?: string,
    @Query('to') to?: string,
  ): Promise<{ readonly changes: readonly ToolkitDifference[] }> {
    return orHttpError(this.#compare(toolkit, from, to).then((changes) => ({ changes })));
  }

  @Post(':toolkit/imports')
  import(@Param('toolkit') toolkit: string, @Body() body: unknown): Promise<ImportedToolkit> {
    return orHttpError(this.#importToolkit.run(toolkit, body));
  }

  @Put(':toolkit/stable')
  setStable(@Param('toolkit') toolkit: string, @Body() body: unknown): Promise<ToolkitView> {
    const read = stableSchema.safeParse(body);
    const work = read.success
      ? this.#administration.setStable(toolkit, read.data.version)
      : Promise.reject(
          new InvalidCatalogRequestError('the request names no date for "stable"', [
            { pointer: '/version', message: 'must be the date of a toolkit such as 2026-11-25' },
          ]),
        );
    return orHttpError(work);
  }

  @Delete(':toolkit')
  remove(@Param('toolkit') toolkit: string, @Query('confirm') confirm?: string): Promise<DeletedToolkit> {
    return orHttpError(this.#administration.remove(toolkit, confirm));
  }

  @Delete(':toolkit/versions/:version')
  retire(@Param('toolkit') toolkit: string, @Param('version') version: string): Promise<ToolkitView> {
    return orHttpError(this.#administration.retire(toolkit, version));
  }

  /** Without dates, it compares `stable` with the newest date, as a person who moves `stable` needs. */
  async #compare(toolkit: string, from = '', to = ''): Promise<readonly ToolkitDifference[]> {
    const { stable, latest } = await this.#administration.find(toolkit);
    const dates = { from: from === '' ? stable : from, to: to === '' ? latest : to };
    if (dates.from !== null && dates.to !== null)
      return this.#administration.compare(toolkit, dates.from, dates.to);
    throw new InvalidCatalogRequestError(
      'a comparison needs two dates',
      Object.entries(dates)
        .filter(([, date]) => date === null)
        .map(([name]) => ({
          pointer: `/${name}`,
          message: `is required: the toolkit has no ${name === 'from' ? 'stable' : 'newest'} date`,
        })),
    );
  }
}
