import { Parser } from 'htmlparser2';

/** Elements that begin on a new line. */
const blocks: ReadonlySet<string> = new Set(
  'address article aside blockquote br dd details div dl dt figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody tfoot thead tr ul'.split(
    ' ',
  ),
);
const inline: ReadonlySet<string> = new Set(
  'a abbr acronym b bdi bdo big center cite code data del dfn em font i img ins kbd label mark q s samp small span strike strong sub sup td th time tt u var wbr'.split(
    ' ',
  ),
);
/** Elements with invisible content. */
const unreadElements: ReadonlySet<string> = new Set([
  'script',
  'style',
  'template',
  'noscript',
  'iframe',
  'svg',
]);
const markup = /<[a-z!/]|&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,31});/i;

/**
 * Converts prose with HTML to plain text. Elements become line breaks and list marks, and entities become characters.
 * Text in backticks, and tags that are not HTML elements (`<id>`), stay unchanged.
 */
export function htmlText(text: string): string {
  if (!markup.test(text)) return text;
  return text
    .split('`')
    .map((part, index) => (index % 2 === 0 ? plain(part) : part))
    .join('`');
}

function plain(html: string): string {
  if (!markup.test(html)) return html;
  let text = '';
  let unread = 0;
  const written = (name: string, isOpening: boolean): void => {
    if (unreadElements.has(name)) unread = Math.max(0, unread + (isOpening ? 1 : -1));
    else if (unread > 0) return;
    else if (blocks.has(name)) {
      if (text !== '' && !text.endsWith('\n')) text += '\n';
      if (name === 'li' && isOpening) text += '- ';
    } else if (name === 'td' || name === 'th') text += isOpening ? '' : ' ';
    else if (!inline.has(name)) text += html.slice(parser.startIndex, parser.endIndex + 1);
  };
  const parser: Parser = new Parser(
    {
      ontext: (piece) => {
        if (unread === 0) text += piece;
      },
      onopentag: (name, { alt }) => {
        written(name, true);
        if (name === 'img' && unread === 0 && alt !== undefined) text += alt;
      },
      // The parser added this tag itself; it is not in the text.
      onclosetag: (name, isImplied) => {
        if (!isImplied || blocks.has(name) || unreadElements.has(name)) written(name, false);
      },
    },
    { decodeEntities: true },
  );
  parser.end(html);
  return text;
}
