import type { TraceContext } from '@action-mesh/kernel';

import { attributeName } from '../names.js';
import type { SpanAttributes, SpanLink } from './finished-span.js';

/** The most links of one span, as in the OpenTelemetry SDKs. */
export const mostLinks = 128;

/** Links from the span of a batch to its members, and the attributes that count them. */
export function linksTo(members: readonly Pick<TraceContext, 'traceId' | 'spanId'>[]): {
  readonly links: readonly SpanLink[];
  readonly attributes: SpanAttributes;
} {
  const links = members.slice(0, mostLinks).map((trace) => ({ trace }));
  const dropped = members.length - links.length;
  return {
    links,
    attributes: {
      [attributeName.batchCalls]: members.length,
      ...(dropped === 0 ? {} : { [attributeName.linksDropped]: dropped }),
    },
  };
}
