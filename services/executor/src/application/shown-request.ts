import type { ComparedPlace, SentRequest } from '@action-mesh/contracts/executor';
import { redactText } from '@action-mesh/platform';

import { maskedRequest } from '../domain/masked-request.js';
import type { ProviderRequest } from './tools.port.js';

/** The request for people. Credentials are masked by name, and in a place without a telling name by their form. */
export function shownRequest(request: ProviderRequest): SentRequest {
  const { url, headers, body, ...rest } = maskedRequest(request);
  return {
    ...rest,
    ...(url === undefined ? {} : { url: redactText(url) }),
    ...(headers === undefined
      ? {}
      : {
          headers: Object.fromEntries(
            Object.entries(headers).map(([name, value]) => [name, redactText(value)]),
          ),
        }),
    ...(body === undefined ? {} : { body: redactText(body) }),
  };
}

/** A compared place for people. A credential in a place without a telling name is found by its form. */
export function withoutSecretTexts({ first, second, ...place }: ComparedPlace): ComparedPlace {
  return {
    ...place,
    ...(first === undefined ? {} : { first: redactText(first) }),
    ...(second === undefined ? {} : { second: redactText(second) }),
  };
}
