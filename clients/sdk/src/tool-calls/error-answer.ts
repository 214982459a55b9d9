import { mayHaveArrived } from '../error-call-id.js';
import type { MeshClientError } from '../mesh.errors.js';
import type { ModelToolCall, VendorForm } from './model-responses.js';

/**
 * An error of the mesh as the result of a tool call, in words for the model. `isBound`: a call with the same arguments is
 * the same call.
 */
export function errorAnswer(
  form: VendorForm,
  { name, id }: ModelToolCall,
  error: MeshClientError,
  isBound: boolean,
): object {
  const { code, callId } = error;
  const value = { is_error: true, code, message: messageOf(error, isBound), call_id: callId };
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

function messageOf(error: MeshClientError, isBound: boolean): string {
  const { message, fixes } = error;
  if (!mayHaveArrived(error)) return [message, ...fixes].join(' ');
  const repetition = isBound
    ? 'The same call with the same arguments gives its outcome and does not act twice.'
    : 'A repetition may act a second time. Find out what the call did before you repeat it.';
  return `${message} It is unknown whether the call ran. ${repetition}`;
}
