import type { Tool } from '@action-mesh/contracts/catalog';
import { project } from '@action-mesh/projections';

import { toolAnswer } from './tool-answer.js';
import type { ListForm } from './tool-query.js';

/** A tool in a list, as JSON. */
export interface ToolText {
  readonly tool: string;
  /** The information that the vendor's shape leaves out. Absent when it leaves out nothing. */
  readonly difference?: string;
}

/**
 * Caches the JSON texts of listed tools by tool object and form. A list of a thousand tools has megabytes; writing it
 * for each request would delay every call.
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
