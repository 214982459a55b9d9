import type { Tool } from '@action-mesh/contracts/catalog';
import { collapsedInput } from '@action-mesh/tools';

import { flatRoot } from './flat-root.js';
import { geminiForm } from './gemini-form.js';
import type { Projection, ToolForm } from './projection.js';
import { StrictRestorer } from './restore-strict.js';
import { pointerTo, propertiesOf } from './schema-node.js';
import { strictForm } from './strict-form.js';

const done = new WeakMap<Tool, Map<ToolForm, Projection>>();

/**
 * Writes a tool in the form of a vendor, once for each tool object and form. The same tool always gives the same
 * bytes, so prompt caches hit. V4: the tool itself never changes. Its name is its slug in every form: at most 64
 * characters that all vendors accept.
 */
export function project(tool: Tool, form: ToolForm): Projection {
  let forms = done.get(tool);
  if (forms === undefined) {
    forms = new Map();
    done.set(tool, forms);
  }
  let projection = forms.get(form);
  if (projection === undefined) {
    projection = makers[form](shown(tool));
    forms.set(form, projection);
  }
  return projection;
}

/** Opens the collapsed members. An open member accepts every value that the tool accepts there (V5). */
function shown(tool: Tool): Tool {
  if (tool.collapsed === undefined) return tool;
  return { ...tool, input: collapsedInput(tool.input, tool.collapsed) as Tool['input'] };
}

const asGiven = (args: unknown): unknown => args;

const makers: Readonly<Record<ToolForm, (tool: Tool) => Projection>> = {
  plain: ({ slug, description, input }) => lossless({ name: slug, description, input_schema: input }),
  mcp,
  openai,
  openai_chat: openaiChat,
  anthropic,
  gemini,
};

/**
 * Model Context Protocol, `tools/list`.
 *
 * Hosts treat the annotations as hints; the mesh itself decides by the effect class. A host may run a call without
 * asking if the tool is not destructive. For MCP, such a tool only adds. No tool declares that: a POST updates and
 * deletes at many providers, even a keyed one. So every tool that does not read is destructive.
 */
function mcp({ slug, title, description, input, output, effect }: Tool): Projection {
  return lossless({
    name: slug,
    title,
    description,
    inputSchema: input,
    // Structured results must be objects. The form promises no output schema for any other type.
    ...(output?.['type'] === 'object' ? { outputSchema: output } : {}),
    annotations: {
      title,
      readOnlyHint: effect.class === 'read',
      destructiveHint: effect.class !== 'read',
      idempotentHint: effect.class === 'read' || effect.class === 'idempotent',
      openWorldHint: true,
    },
  });
}

/** OpenAI, a function of the Responses API. Strict if no value is lost. */
function openai({ slug, description, input }: Tool): Projection {
  const { lost, ...strict } = strictForm(input);
  const isStrict = lost.length === 0;
  const { schema, relaxed } = isStrict ? strict : flatRoot(input);
  const restorer = new StrictRestorer(input);
  return {
    definition: { type: 'function', name: slug, description, parameters: schema, strict: isStrict },
    relaxed,
    lost,
    restore: isStrict ? (args) => restorer.restore(args) : asGiven,
  };
}

/** OpenAI, a function of Chat Completions: the Responses API's function, one level deeper. */
function openaiChat(tool: Tool): Projection {
  const { definition, ...rest } = openai(tool);
  const { type, ...declared } = definition;
  return { definition: { type, function: declared }, ...rest };
}

/** The names that the Messages API accepts for arguments. With any other name it refuses all tools of the request. */
const anthropicKey = /^[a-zA-Z0-9_.-]{1,64}$/;

/** Anthropic, a tool of the Messages API. */
function anthropic({ slug, description, input, examples }: Tool): Projection {
  const { schema, relaxed } = flatRoot(input);
  return {
    definition: {
      name: slug,
      description,
      input_schema: schema,
      ...(examples.length === 0 ? {} : { input_examples: examples.map((example) => example.arguments) }),
    },
    relaxed,
    lost: Object.keys(propertiesOf(schema))
      .filter((name) => !anthropicKey.test(name))
      .map((name) => ({ pointer: pointerTo('/properties', name), what: 'name' })),
    restore: asGiven,
  };
}

/** Google Gemini, a function declaration. */
function gemini({ slug, description, input }: Tool): Projection {
  const { schema, relaxed, lost } = geminiForm(input);
  return {
    definition: { name: slug, description, parametersJsonSchema: schema },
    relaxed,
    lost,
    restore: asGiven,
  };
}

function lossless(definition: Projection['definition']): Projection {
  return { definition, relaxed: [], lost: [], restore: asGiven };
}
