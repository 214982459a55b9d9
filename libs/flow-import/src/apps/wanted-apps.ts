import type { AppMapping, AppOperation } from './app-table.js';

const app = (
  name: string,
  n8n: string,
  n8nDefault: string,
  make = '',
  zapier = '',
  operations: readonly AppOperation[] = [],
): AppMapping => ({
  app: name,
  n8n: n8n.split(' '),
  n8nDefault,
  make: make === '' ? [] : make.split(' '),
  zapier: zapier === '' ? [] : zapier.split(' '),
  operations,
});

/** Operations with several items, by their name in n8n, that an app gives as its answer itself. */
const rows = (tool: string, does: string, n8n: string, make: string, zapier: string): AppOperation => ({
  tool,
  does,
  effect: 'read',
  n8n,
  make,
  zapier,
  items: '',
  args: { parameters: '*' },
});

/** Apps whose tools an owner imports from the provider's OpenAPI document, or writes. Their arguments keep their names. */
export const wantedApps: readonly AppMapping[] = [
  app('google_sheets', 'googleSheets', 'sheet.read', 'google-sheets', 'googlesheets', [
    rows(
      'google_sheets_read_rows',
      'Reads rows of a sheet.',
      'sheet.read',
      'filterRows getSheetContent',
      'lookup_row',
    ),
  ]),
  app('telegram', 'telegram', 'message.sendMessage', 'telegram', 'telegram'),
  app('google_drive', 'googleDrive', 'file.upload', 'google-drive', 'googledrive'),
  app('google_docs', 'googleDocs', 'document.create', 'google-docs', 'googledocs'),
  app('airtable', 'airtable', 'record.get', 'airtable', 'airtable', [
    rows('airtable_search_records', 'Searches records.', 'record.search', 'ActionSearchRecords', ''),
  ]),
  app('postgres', 'postgres', 'database.insert', 'postgres', 'postgresql'),
  app('mysql', 'mySql', 'database.insert', 'mysql', 'mysql'),
  app('supabase', 'supabase', 'row.create', 'supabase', 'supabase'),
  app('whatsapp', 'whatsApp', 'message.send', 'whatsapp-business-cloud', 'whatsapp'),
  app('redis', 'redis', '-.info', 'redis'),
  app('facebook_graph', 'facebookGraphApi', '-.request', 'facebook-pages', 'facebookpages'),
  app('discord', 'discord', 'message.send', 'discord', 'discord'),
  app('pipedrive', 'pipedrive', 'deal.create', 'pipedrive', 'pipedrive'),
  app('trello', 'trello', 'card.create', 'trello', 'trello'),
  app('asana', 'asana', 'task.create', 'asana', 'asana'),
  app('clickup', 'clickUp', 'task.create', 'clickup', 'clickup'),
  app('todoist', 'todoist', 'task.create', 'todoist', 'todoist'),
  app('mailchimp', 'mailchimp', 'member.create', 'mailchimp', 'mailchimp'),
  app('sendgrid', 'sendGrid', 'mail.send', 'sendgrid', 'sendgrid'),
  app('twilio', 'twilio', 'sms.send', 'twilio', 'twilio'),
  app('microsoft_outlook', 'microsoftOutlook', 'message.send', 'microsoft-email', 'microsoftoutlook'),
  app('microsoft_teams', 'microsoftTeams', 'channelMessage.create', 'microsoft-teams', 'microsoftteams'),
  app('microsoft_excel', 'microsoftExcel', 'workbook.getAll', 'microsoft-excel', 'microsoftexcel'),
  app('dropbox', 'dropbox', 'file.upload', 'dropbox', 'dropbox'),
  app('shopify', 'shopify', 'order.getAll', 'shopify', 'shopify'),
  app('woocommerce', 'wooCommerce', 'product.create', 'woocommerce', 'woocommerce'),
  app('wordpress', 'wordpress', 'post.create', 'wordpress', 'wordpress'),
  app('zendesk', 'zendesk', 'ticket.create', 'zendesk', 'zendesk'),
  app('intercom', 'intercom', 'user.create', 'intercom', 'intercom'),
  app('monday', 'mondayCom', 'board.get', 'monday', 'monday'),
  app('active_campaign', 'activeCampaign', 'contact.create', 'active-campaign', 'activecampaign'),
  app('aws_s3', 'awsS3', 'file.upload', 'aws-s3', 'amazons3'),
  app('aws_ses', 'awsSes', 'email.send', 'aws-ses', 'amazonses'),
  app('mongodb', 'mongoDb', '-.find', 'mongodb', 'mongodb'),
  app('twitter', 'twitter', 'tweet.create', 'twitter', 'twitter'),
  app('linkedin', 'linkedIn', 'post.create', 'linkedin', 'linkedin'),
  app('youtube', 'youTube', 'channel.getAll', 'youtube', 'youtube'),
  app('google_tasks', 'googleTasks', 'task.create', 'google-tasks', 'googletasks'),
  app('lemlist', 'lemlist', 'lead.create', 'lemlist', 'lemlist'),
  app('zoom', 'zoom', 'meeting.create', 'zoom', 'zoom'),
  app('hacker_news', 'hackerNews', 'article.get'),
  app('rss', 'rssFeedRead', '-.read', 'rss', 'rss', [
    rows('rss_read_feed', 'Reads a feed.', '-.read', 'ActionReadArticles', ''),
  ]),
  app('data_table', 'dataTable', 'row.get', 'datastore', 'table'),
];
