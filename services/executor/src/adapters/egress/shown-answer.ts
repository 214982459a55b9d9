import { responseSize } from '@action-mesh/contracts/catalog';

import type { ProviderAnswer } from '../../application/provider.port.js';
import type { AnswerBody } from '../../domain/answer-body.js';

/** An answer as its outcome shows it: exact JSON, text as a string, and bytes as an object that describes them. */
export function shownAnswer(body: AnswerBody): ProviderAnswer {
  switch (body.kind) {
    case 'cut':
    case 'broken':
      return { body, incomplete: true };
    case 'empty':
      return { body, incomplete: false };
    case 'json':
      return fitting({ body, result: body.text, incomplete: false });
    case 'text':
      return fitting({ body, result: JSON.stringify(body.text), form: 'text', incomplete: false });
    case 'binary': {
      const { bytes, contentType, contentEncoding, undecodable } = body;
      const result = JSON.stringify({
        content_type: contentType,
        content_encoding: contentEncoding,
        reason: undecodable,
        bytes: bytes.length,
        base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64'),
      });
      const form = undecodable === undefined ? 'binary' : 'undecodable';
      return fitting({ body, result, form, incomplete: false });
    }
  }
}

/**
 * Drops a result that is too large. Escaping and encoding can make a result several times as long as the answer, and
 * such an outcome would fit into no record.
 */
function fitting(answer: ProviderAnswer & { readonly result: string }): ProviderAnswer {
  const { result, body } = answer;
  if (result.length * 3 <= responseSize.mostBytes) return answer;
  return Buffer.byteLength(result) > responseSize.mostBytes ? { body, incomplete: true } : answer;
}
