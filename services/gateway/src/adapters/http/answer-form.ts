import { nameSchema } from '@action-mesh/contracts/gateway';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';

import { answerOfRefusal, type ModelTurn } from '../../application/model-answer.js';
import { readToolForm, type ListForm } from '../../application/tool-query.js';
import { readQuery } from '../../domain/request-form.js';
import { problemOf } from './problem-table.js';

const querySchema = z.strictObject({ form: z.string().optional(), tool_call_id: nameSchema.optional() });

/** The form of the arguments and the answer, and the vendor's id of the model's tool call. */
export interface AnswerForm {
  readonly form: ListForm;
  readonly toolCallId?: string | undefined;
}

/** Reads `form` and `tool_call_id` of a query. Throws `RequestRefusedError`. */
export function readAnswerForm(query: unknown): AnswerForm {
  const { form, tool_call_id: toolCallId } = readQuery(querySchema, query, 'a form of answers');
  return { form: readToolForm(form), toolCallId };
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
