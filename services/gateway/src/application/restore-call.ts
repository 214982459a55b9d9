import type { CallRequest } from '@action-mesh/contracts/gateway';
import type { Principal } from '@action-mesh/identity';
import type { JsonValue } from '@action-mesh/kernel';
import { project } from '@action-mesh/projections';

import { withArgumentsRead } from '../domain/text-arguments.js';
import type { KnownTools } from './known-tools.js';
import { metaTools } from './meta-tools.js';
import type { ListForm } from './tool-query.js';

/** Reads a call. Converts arguments in a vendor's shape to the shape of the tool. */
export class RestoreCall {
  readonly #tools: KnownTools;

  constructor(tools: KnownTools) {
    this.#tools = tools;
  }

  /**
   * Reads a call. `read` reads the members outside the vendor's shape; its errors pass through. Throws
   * `CallRefusedError` for an unknown tool.
   */
  execute(
    { tools: filter }: Pick<Principal, 'tools'>,
    json: JsonValue,
    form: ListForm,
    read: (json: JsonValue) => CallRequest,
  ): CallRequest {
    const call = read(form === 'openai' || form === 'openai_chat' ? withArgumentsRead(json) : json);
    if (form === 'mesh') return call;
    const { slug, version } = call.tool;
    const tool =
      metaTools.find((meta) => meta.slug === slug) ?? this.#tools.registry().find(slug, version, filter).tool;
    return { ...call, arguments: project(tool, form).restore(call.arguments) as CallRequest['arguments'] };
  }
}
