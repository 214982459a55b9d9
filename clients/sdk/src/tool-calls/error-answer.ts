import type { MeshClientError } from '../mesh.errors.js';
import type { ModelToolCall, VendorForm } from './model-responses.js';

/** An error of the mesh as the result of a tool call, in words for the model. */
export function errorAnswer(form: VendorForm, { name, id }: ModelToolCall, error: MeshClientError): object {
  const value = { is_error: true, code: error.code, message: messageOf(error) };
  const text = JSON.stringify(value);
  switch (form) {
    case 'openai':
      return { type: 'function_call_output', call_id: id, output: text };
    case 'openai_chat':
      return { role: 'tool', tool_call_id: id, content: text };
    case 'anthropic':
      return { type: 'tool_result', tool_use_id: id, content: text, is_error: true };
    case 'gemini':
      return { functionResponse: { ...(id === undefined ? {} : { id }), name, response: { error: value } } };
  }
}

function messageOf(error: MeshClientError): string {
  const { message, fixes } = error;
  const isUnknown = error.status === undefined || error.status >= 500;
  const rest = isUnknown
    ? [
        'It is unknown whether the call ran. The same call with the same arguments gives its outcome and does not act twice.',
      ]
    : fixes;
  return [message, ...rest].join(' ');
}
