import type { CallRequest } from '@action-mesh/contracts/gateway';
import type { JsonValue } from '@action-mesh/kernel';
import { project } from '@action-mesh/projections';

import { withArgumentsRead } from '../domain/text-arguments.js';
import type { KnownTools } from './known-tools.js';
import { metaTools } from './meta-tools.js';
import type { ListForm } from './tool-query.js';

/** Reads a call, and gives it its arguments as the tool takes them where a model gave them in the shape of its vendor. */
export class RestoreCall {
  constructor(private readonly tools: KnownTools) {}

  /** `read` reads what a vendor does not shape. Throws what it throws, and `CallRefusedError` where there is no such tool. */
  execute(json: JsonValue, form: ListForm, read: (json: JsonValue) => CallRequest): CallRequest {
    const call = read(form === 'openai' || form === 'openai_chat' ? withArgumentsRead(json) : json);
    if (form === 'mesh') return call;
    const { slug, version } = call.tool;
    const tool =
      metaTools.find((meta) => meta.slug === slug) ?? this.tools.registry().find(slug, version).tool;
    return { ...call, arguments: project(tool, form).restore(call.arguments) as CallRequest['arguments'] };
  }
}
