import { listLimitSchema, nameSchema } from '@action-mesh/contracts/gateway';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';

import { answerOfRefusal, type ModelTurn } from '../../application/model-answer.js';
import type { AskedFit } from '../../application/fit-outcome.js';
import { listForms, type ListForm } from '../../application/tool-query.js';
import { readFieldPaths, type FieldPaths } from '../../domain/field-paths.js';
import { readQuery } from '../../domain/request-form.js';
import { problemOf } from './problem-table.js';

/** The bounds of `max_bytes`. A result always fits into the greatest bound. */
const resultBytes = { least: 256, most: 1_048_576 } as const;

const fitSchema = z.strictObject({
  /** The fields of the result. */
  fields: z
    .string()
    .transform((text, context): FieldPaths => {
      try {
        return readFieldPaths(text);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        context.addIssue({ code: 'custom', message: error.message });
        return z.NEVER;
      }
    })
    .optional(),
  /** The most bytes of the result. */
  max_bytes: listLimitSchema(resultBytes.most, resultBytes.least).optional(),
});

/** The query that chooses the form of an answer. */
export const answerFormSchema = z.strictObject({
  form: z.enum(listForms).default('mesh'),
  /** The vendor's id of the model's tool call. */
  tool_call_id: nameSchema.optional(),
  ...fitSchema.shape,
});

/** The query of a submission. */
export const submissionFormSchema = answerFormSchema.omit({ tool_call_id: true });

/** The form of the arguments and the answer, and the vendor's id of the model's tool call. */
export interface AnswerForm {
  readonly form: ListForm;
  readonly toolCallId?: string | undefined;
  /** The part of the result that the caller asks for. Absent: all. */
  readonly fit: AskedFit | undefined;
}

/** Reads the query of a call whose answer is for a model or a program. Throws `RequestRefusedError`. */
export function readAnswerForm(query: unknown): AnswerForm {
  const { form, tool_call_id: toolCallId, ...fit } = readQuery(answerFormSchema, query, 'an answer');
  return { form, toolCallId, fit: fitOf(fit) };
}

/** Reads the query of a submission. Its answer is for a program. Throws `RequestRefusedError`. */
export function readSubmissionForm(query: unknown): Omit<AnswerForm, 'toolCallId'> {
  const { form, ...fit } = readQuery(submissionFormSchema, query, 'a submission');
  return { form, fit: fitOf(fit) };
}

function fitOf({ fields, max_bytes: maxBytes }: z.infer<typeof fitSchema>): AskedFit | undefined {
  return fields === undefined && maxBytes === undefined ? undefined : { fields, maxBytes };
}

/** The receiver of an answer. Undefined for the mesh's own form. */
export function turnOf({ form, toolCallId }: AnswerForm, name: string): ModelTurn | undefined {
  return form === 'mesh' ? undefined : { form, name, toolCallId };
}

/** Statuses of refusals that a model can correct. The calling program has to handle all others. */
const mendable: readonly number[] = [404, 409, 413, 422];

/**
 * Answers a refusal in the form of a model, under its own status. Returns false when the refusal is not for a model.
 */
export function sendRefusal(reply: FastifyReply, thrown: unknown, turn: ModelTurn | undefined): boolean {
  const problem = turn === undefined ? undefined : problemOf(thrown)?.problem;
  if (turn === undefined || problem === undefined || !mendable.includes(problem.status)) return false;
  sendText(reply.code(problem.status), answerOfRefusal(problem, turn));
  return true;
}

export function sendText(reply: FastifyReply, json: string): void {
  void reply.type('application/json; charset=utf-8').send(json);
}
