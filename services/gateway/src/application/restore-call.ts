import type { CallRequest } from '@action-mesh/contracts/gateway';
import { project } from '@action-mesh/projections';

import type { KnownTools } from './known-tools.js';
import { metaTools } from './meta-tools.js';
import type { ListForm } from './tool-query.js';

/** Gives a call its arguments as the tool takes them, where a model gave them in the shape of its vendor. */
export class RestoreCall {
  constructor(private readonly tools: KnownTools) {}

  /** Throws `CallRefusedError` where there is no such tool. */
  execute(call: CallRequest, form: ListForm): CallRequest {
    if (form === 'mesh') return call;
    const { slug, version } = call.tool;
    const tool = metaTools.find((meta) => meta.slug === slug) ?? this.tools.shelf().find(slug, version).tool;
    return { ...call, arguments: project(tool, form).restore(call.arguments) as CallRequest['arguments'] };
  }
}
