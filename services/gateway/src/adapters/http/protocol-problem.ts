import { usualBodyBytes } from '@action-mesh/contracts/gateway';

import type { ProblemDetails } from './problem.js';

/** The problem document for an error of the web server, by its status. `bodyLimitBytes` is the limit of the route. */
export function protocolProblem(
  status: number,
  bodyLimitBytes = usualBodyBytes,
): Omit<ProblemDetails, 'type'> {
  switch (status) {
    case 404:
      return {
        status,
        title: 'Not found',
        code: 'not_found',
        detail: 'No route has this address.',
        fix: 'Check the path against the documentation.',
      };
    case 413:
      return {
        status,
        title: 'Body too large',
        code: 'body_too_large',
        detail: `The body is larger than ${bodyLimitBytes} bytes, the limit of this route.`,
        fix: 'Send less data, or send a reference to it.',
      };
    case 414:
      return {
        status,
        title: 'Address too long',
        code: 'address_too_long',
        detail: 'A part of the path is longer than any name.',
        fix: 'Check the path against the documentation.',
      };
    case 415:
      return {
        status,
        title: 'Media type not supported',
        code: 'media_type_not_supported',
        detail: 'The Content-Type header does not declare JSON in UTF-8.',
        fix: 'Send JSON in UTF-8 with "Content-Type: application/json".',
      };
    default:
      return {
        status,
        title: 'Bad request',
        code: 'bad_request',
        detail: 'The request cannot be read.',
        fix: 'Check the request line and the headers.',
      };
  }
}
