import { createHash } from 'node:crypto';

import { Controller, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { HttpProblemError } from './problem.js';
import { protocolProblem } from './protocol-problem.js';
import { referenceCsp, referencePage, referenceParts, type ReferencePart } from './openapi/reference-page.js';
import { Serves } from './serves.js';

/** The text of the OpenAPI document of this gateway. */
export const OpenApiText = Symbol('OpenApiText');

/**
 * The OpenAPI document, and the reference page that shows it. Everybody may read them: they hold no secret.
 *
 * - RP1: the page loads nothing from another host, and runs only the scripts of this gateway.
 */
@Controller()
export class DocumentationController {
  readonly #document: () => TaggedText;
  readonly #parts = referenceParts();

  constructor(@Inject(OpenApiText) text: () => string) {
    let made: TaggedText | undefined;
    this.#document = () => (made ??= tagged(text()));
  }

  @Serves('readOpenApi')
  document(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    send(request, reply, this.#document(), 'application/json; charset=utf-8');
  }

  @Serves('openReference')
  page(@Res() reply: FastifyReply): void {
    void reply
      .headers({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': referenceCsp,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-cache',
      })
      .send(referencePage);
  }

  @Serves('openReferencePart')
  part(@Param('part') name: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const part: ReferencePart | undefined = this.#parts.get(name);
    if (part === undefined) throw new HttpProblemError(protocolProblem(404));
    send(request, reply, tagged(part.read()), part.type);
  }
}

interface TaggedText {
  readonly text: string | Buffer;
  readonly tag: string;
}

function tagged(text: string | Buffer): TaggedText {
  return { text, tag: `"${createHash('sha256').update(text).digest('base64url')}"` };
}

function send(request: FastifyRequest, reply: FastifyReply, { text, tag }: TaggedText, type: string): void {
  void reply.headers({ etag: tag, 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' });
  const known = request.headers['if-none-match']?.split(',').map((each) => each.trim().replace(/^W\//, ''));
  if (known?.includes(tag) === true || known?.includes('*') === true) void reply.code(304).send();
  else void reply.type(type).send(text);
}
