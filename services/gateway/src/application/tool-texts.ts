import type { Tool } from '@action-mesh/contracts/catalog';
import { project } from '@action-mesh/projections';

import { toolAnswer } from './tool-answer.js';
import type { ListForm } from './tool-query.js';

/** A tool in a list, as JSON. */
export interface ToolText {
  readonly tool: string;
  /** Where the vendor's shape says less than the tool does; absent where it does not. */
  readonly difference?: string;
}

/**
 * Tools as they stand in lists, written once for each tool object and form: a list of a thousand tools has megabytes, which
 * would hold up every call if they were written at each request.
 */
export class ToolTexts {
  readonly #known = new WeakMap<Tool, Map<ListForm, ToolText>>();

  of(tool: Tool, form: ListForm): ToolText {
    const forms = this.#known.get(tool) ?? new Map<ListForm, ToolText>();
    this.#known.set(tool, forms);
    const text = forms.get(form) ?? written(tool, form);
    forms.set(form, text);
    return text;
  }
}

function written(tool: Tool, form: ListForm): ToolText {
  if (form === 'mesh') return { tool: JSON.stringify(toolAnswer(tool)) };
  const { definition, relaxed, lost } = project(tool, form);
  const text = JSON.stringify(definition);
  return relaxed.length + lost.length === 0
    ? { tool: text }
    : { tool: text, difference: JSON.stringify({ tool: tool.slug, relaxed, lost }) };
}
