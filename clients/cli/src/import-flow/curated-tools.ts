import type { Tool } from '@action-mesh/contracts/catalog';
import * as github from '@action-mesh/toolkits/github';
import * as gmail from '@action-mesh/toolkits/gmail';
import * as calendar from '@action-mesh/toolkits/google-calendar';
import * as hubspot from '@action-mesh/toolkits/hubspot';
import * as jira from '@action-mesh/toolkits/jira';
import * as linear from '@action-mesh/toolkits/linear';
import * as notion from '@action-mesh/toolkits/notion';
import * as salesforce from '@action-mesh/toolkits/salesforce';
import * as slack from '@action-mesh/toolkits/slack';
import * as stripe from '@action-mesh/toolkits/stripe';
import { isDefinedTool } from '@action-mesh/tools';
import { compileTool } from '@action-mesh/tools/compile';

/** The tools of all curated toolkits, by their slugs. */
export function curatedTools(): readonly Tool[] {
  const modules = [github, gmail, calendar, hubspot, jira, linear, notion, salesforce, slack, stripe];
  const defined = modules.flatMap((module) => Object.values<unknown>(module)).filter(isDefinedTool);
  const tools = defined.map((tool) => {
    const compiled = compileTool(tool);
    if (!compiled.ok) throw new Error(`a curated tool has problems: ${JSON.stringify(compiled.problems)}`);
    return compiled.tool;
  });
  return tools.sort((a, b) => (a.slug < b.slug ? -1 : 1));
}
