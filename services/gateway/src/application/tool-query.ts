import { effectSchema } from '@action-mesh/contracts/catalog';
import { listLimitSchema } from '@action-mesh/contracts/gateway';
import { toolForms } from '@action-mesh/projections';
import { z } from 'zod';

import { readQuery } from '../domain/request-form.js';

/** The forms of a list of tools; `mesh` is the mesh's own form. */
const listForms = ['mesh', ...toolForms] as const;

export type ListForm = (typeof listForms)[number];

const effects = effectSchema.options.map((option) => option.shape.class.value);

const name = z.string().min(1).max(200);

/** The parameters that choose among the tools. */
const choices = {
  query: z.string().max(500).optional(),
  provider: name.optional(),
  toolkit: name.optional(),
  tag: name.optional(),
  effect: z.enum(effects).optional(),
  connection: z.enum(['needed', 'not_needed']).optional(),
  limit: listLimitSchema(5_000).optional(),
};

const querySchema = z
  .strictObject({
    ...choices,
    form: z.enum(listForms).default('mesh'),
    /** Lists the three meta-tools, which stand for all tools. */
    meta: z.enum(['true', 'false']).default('false'),
  })
  .check(({ value, issues }) => {
    if (value.meta !== 'true') return;
    for (const choice of Object.keys(choices) as (keyof typeof choices)[]) {
      if (value[choice] === undefined) continue;
      const message = 'cannot be combined with meta=true, which lists only the meta-tools';
      issues.push({ code: 'custom', path: [choice], message, input: value[choice] });
    }
  });

export type ToolListQuery = z.infer<typeof querySchema>;

/** Reads the form in which a caller's model gives arguments. Throws `RequestRefusedError`. */
export function readToolForm(form: string | undefined): ListForm {
  return form === undefined ? 'mesh' : readToolQuery({ form }).form;
}

/** Reads the query of `GET /v1/tools`. Throws `RequestRefusedError` with every wrong parameter. */
export function readToolQuery(parameters: unknown): ToolListQuery {
  return readQuery(querySchema, parameters, 'a query for tools');
}
