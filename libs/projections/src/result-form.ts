import type { ToolForm } from './projection.js';

/** The result of a tool call for a model. */
export interface ModelAnswer {
  /** The name by which the model called the tool. */
  readonly name: string;
  /** The vendor's id of the model's tool call. Without it the form has no such member. */
  readonly toolCallId?: string;
  readonly isError: boolean;
  /** The exact text of the JSON value that the model reads. No digit of it passes through a JavaScript number. */
  readonly json: string;
}

/**
 * An answer in the form that a vendor accepts, as the text of a JSON object. If a vendor has no member for errors,
 * the text for the model contains `is_error`.
 */
export function projectAnswer(answer: ModelAnswer, form: ToolForm): string {
  return makers[form](answer);
}

const makers: Readonly<Record<ToolForm, (answer: ModelAnswer) => string>> = {
  plain: ({ name, isError, json, toolCallId }) =>
    object({
      id: quotedIfAny(toolCallId),
      name: quoted(name),
      is_error: String(isError),
      [isError ? 'error' : 'result']: json,
    }),
  mcp: ({ isError, json }) =>
    object({
      content: `[${object({ type: quoted('text'), text: textFor(json) })}]`,
      ...(!isError && json.startsWith('{') ? { structuredContent: json } : {}),
      isError: String(isError),
    }),
  openai: ({ toolCallId, json }) =>
    object({
      type: quoted('function_call_output'),
      call_id: quotedIfAny(toolCallId),
      output: textFor(json),
    }),
  openai_chat: ({ toolCallId, json }) =>
    object({ role: quoted('tool'), tool_call_id: quotedIfAny(toolCallId), content: textFor(json) }),
  anthropic: ({ toolCallId, isError, json }) =>
    object({
      type: quoted('tool_result'),
      tool_use_id: quotedIfAny(toolCallId),
      content: textFor(json),
      is_error: String(isError),
    }),
  gemini: ({ name, toolCallId, isError, json }) =>
    object({
      functionResponse: object({
        id: quotedIfAny(toolCallId),
        name: quoted(name),
        response: object({ [isError ? 'error' : 'output']: json }),
      }),
    }),
};

/** The JSON string that a model reads: a text unchanged, any other value as its JSON. */
function textFor(json: string): string {
  return json.startsWith('"') ? json : JSON.stringify(json);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function quotedIfAny(text: string | undefined): string | undefined {
  return text === undefined ? undefined : quoted(text);
}

/** Joins members, which are JSON texts, into a JSON object. */
function object(members: Readonly<Record<string, string | undefined>>): string {
  const texts = Object.entries(members).flatMap(([name, text]) =>
    text === undefined ? [] : [`${JSON.stringify(name)}:${text}`],
  );
  return `{${texts.join(',')}}`;
}
