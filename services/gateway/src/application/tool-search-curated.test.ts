import { ToolRegistry } from '@action-mesh/admission';
import * as github from '@action-mesh/toolkits/github';
import * as gmail from '@action-mesh/toolkits/gmail';
import * as googleCalendar from '@action-mesh/toolkits/google-calendar';
import * as hubspot from '@action-mesh/toolkits/hubspot';
import * as jira from '@action-mesh/toolkits/jira';
import * as linear from '@action-mesh/toolkits/linear';
import * as notion from '@action-mesh/toolkits/notion';
import * as salesforce from '@action-mesh/toolkits/salesforce';
import * as slack from '@action-mesh/toolkits/slack';
import * as stripe from '@action-mesh/toolkits/stripe';
import { isDefinedTool } from '@action-mesh/tools';
import { compileTool } from '@action-mesh/tools/compile';

import { KnownTools } from './known-tools.js';
import { ToolSearch } from './tool-search.js';

const toolkits = [
  github,
  gmail,
  googleCalendar,
  hubspot,
  jira,
  linear,
  notion,
  salesforce,
  slack,
  stripe,
] as readonly object[];

/** Requests in the words of an office, each with the tools that fulfil it. Any of them is right. */
const intents: readonly (readonly [text: string, tools: readonly string[]])[] = [
  ['create a ticket', ['jira_create_issue', 'linear_create_issue']],
  ['schedule a meeting', ['google_calendar_create_event']],
  ['book an appointment', ['google_calendar_create_event']],
  ['cancel a meeting', ['google_calendar_delete_event']],
  ['move a meeting to another calendar', ['google_calendar_move_event']],
  ['list my meetings', ['google_calendar_list_events']],
  ['find a free slot', ['google_calendar_find_free_time']],
  ['reschedule an appointment', ['google_calendar_update_event']],
  ['charge a customer', ['stripe_create_payment_intent']],
  ['list charges', ['stripe_list_charges']],
  ['refund a payment', ['stripe_create_refund']],
  ['give a customer their money back', ['stripe_create_refund']],
  ['reply to an email', ['gmail_send_message']],
  ['send an email', ['gmail_send_message']],
  ['send a mail', ['gmail_send_message']],
  ['search my emails', ['gmail_search_messages']],
  ['read an email', ['gmail_get_message']],
  ['delete an email', ['gmail_trash_message']],
  ['draft an email', ['gmail_create_draft']],
  ['send a message', ['slack_send_message']],
  ['send a message to a channel', ['slack_send_message']],
  ['post a message to slack', ['slack_send_message']],
  ['reply in a thread', ['slack_send_message']],
  ['react to a message', ['slack_add_reaction']],
  ['find a user by email', ['slack_find_user_by_email']],
  ['list slack channels', ['slack_list_channels']],
  ['send a direct message', ['slack_open_conversation', 'slack_send_message']],
  ['edit a message', ['slack_update_message']],
  ['close a ticket', ['jira_transition_issue']],
  ['assign a ticket', ['jira_assign_issue']],
  ['comment on a ticket', ['jira_add_comment', 'linear_create_comment']],
  ['search tickets', ['jira_search_issues', 'linear_search_issues']],
  ['show a ticket', ['jira_get_issue', 'linear_get_issue']],
  ['remove a ticket', ['jira_delete_issue', 'linear_archive_issue']],
  ['add a contact', ['hubspot_create_contact']],
  ['create a deal', ['hubspot_create_deal']],
  ['remove a contact', ['hubspot_archive_contact']],
  ['create a page', ['notion_create_page']],
  ['query a database', ['notion_query_data_source']],
  ['add a record', ['salesforce_create_record']],
  ['run a soql query', ['salesforce_query']],
  ['create an invoice', ['stripe_create_invoice']],
  ['make a customer', ['stripe_create_customer']],
  ['create an issue', ['github_create_issue', 'jira_create_issue', 'linear_create_issue']],
  ['open a pull request', ['github_create_pull_request']],
  ['merge a pr', ['github_merge_pull_request']],
  ['add labels to an issue', ['github_add_labels']],
  ['who am i', ['linear_get_viewer']],
  ['list my issues', ['linear_list_issues']],
  ['invite someone to an event', ['google_calendar_update_event', 'google_calendar_create_event']],
];

/** Requests that the search must always answer with a right tool. */
const musts = [
  'create a ticket',
  'schedule a meeting',
  'charge a customer',
  'reply to an email',
  'send an email',
];

/** The other requests need other words: to close a ticket is a transition, and money back is a refund. */
const leastFound = 48;
const leastFirst = 37;

describe('a search among the ten curated toolkits', () => {
  const registry = new ToolRegistry();
  const search = new ToolSearch(new KnownTools(registry, { missing: undefined }));

  beforeAll(() => {
    for (const definition of toolkits
      .flatMap((toolkit): unknown[] => Object.values(toolkit))
      .filter(isDefinedTool)) {
      const compiled = compileTool(definition);
      if (!compiled.ok) throw new Error(`${definition.slug} does not compile`);
      registry.put(compiled.tool);
    }
  });

  async function isAmong(first: number, [text, wanted]: (typeof intents)[number]): Promise<boolean> {
    const { tools } = await search.find({ text, limit: first });
    return tools.some(({ slug }) => wanted.includes(slug));
  }

  it(`has a right tool among the first five for ${leastFound} of ${intents.length} intents, first for ${leastFirst}`, async () => {
    const among = await Promise.all(intents.map((intent) => isAmong(5, intent)));
    const first = await Promise.all(intents.map((intent) => isAmong(1, intent)));
    expect(among.filter(Boolean).length).toBeGreaterThanOrEqual(leastFound);
    expect(first.filter(Boolean).length).toBeGreaterThanOrEqual(leastFirst);
  });

  it.each(intents.filter(([text]) => musts.includes(text)))('has one for "%s"', async (...intent) => {
    await expect(isAmong(5, intent)).resolves.toBe(true);
  });
});
