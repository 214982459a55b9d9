import type { Provider, Type } from '@nestjs/common';

import { DocumentationController, OpenApiText } from './adapters/http/documentation.controller.js';
import { ownOpenApiDocument } from './adapters/http/openapi/openapi-text.js';
import type { GatewayConfig } from './config.js';

export type { GatewayDocument } from './adapters/http/openapi/openapi-document.js';
export { ownOpenApiDocument } from './adapters/http/openapi/openapi-text.js';
export { undocumentedRoutes } from './adapters/http/openapi/route-documents.js';

/** The routes that describe the gateway, and the document that they show. */
export interface DocumentationParts {
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
}

/** Binds the document of this gateway. It is made at the first request for it. */
export function composeDocumentation({ publicUrl }: Pick<GatewayConfig, 'publicUrl'>): DocumentationParts {
  const serverUrl = isOfThisMachine(publicUrl) ? undefined : publicUrl;
  const text = (): string => JSON.stringify(ownOpenApiDocument({ serverUrl }));
  return {
    controllers: [DocumentationController],
    providers: [{ provide: OpenApiText, useValue: text }],
  };
}

/** On this machine the port can differ, so readers of the document use the origin that served it. */
function isOfThisMachine(url: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(new URL(url).hostname);
}
