import { effectSchema } from '@action-mesh/contracts/catalog';
import { listLimitSchema, nameSchema } from '@action-mesh/contracts/gateway';
import { toolForms } from '@action-mesh/projections';
import { z } from 'zod';

import { readQuery } from '../domain/request-form.js';
import { readToolCursor, type ToolPageEnd } from '../domain/tool-cursor.js';

/** The forms of a list of tools; `mesh` is the mesh's own form. */
export const listForms = ['mesh', ...toolForms] as const;

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
  /** `connected` and `missing`: whether the user of `user_id` can run the tool by its default connections. */
  connection: z.enum(['needed', 'not_needed', 'connected', 'missing']).optional(),
  user_id: nameSchema.optional(),
  limit: listLimitSchema(5_000).optional(),
  /** The end of the page before, as the answer with that page gave it. */
  cursor: z
    .string()
    .transform((text, context): ToolPageEnd => {
      const end = readToolCursor(text);
      if (end !== undefined) return end;
      context.addIssue({ code: 'custom', message: 'must be a cursor of a list of tools' });
      return z.NEVER;
    })
    .optional(),
};

/** The query of a list of tools. */
export const toolQuerySchema = z
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

export type ToolListQuery = z.infer<typeof toolQuerySchema>;

/** Reads the form in which a caller's model gives arguments. Throws `RequestRefusedError`. */
export function readToolForm(form: string | undefined): ListForm {
  return form === undefined ? 'mesh' : readToolQuery({ form }).form;
}

/** Reads the query of `GET /v1/tools`. Throws `RequestRefusedError` with every wrong parameter. */
export function readToolQuery(parameters: unknown): ToolListQuery {
  return readQuery(toolQuerySchema, parameters, 'a query for tools');
}
