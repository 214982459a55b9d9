import type { ResponseHeaders } from '@action-mesh/egress';
import { parseUrl } from '@action-mesh/kernel';

/** The most characters of a `Link` header that are read. */
const longestHeader = 16_384;

/**
 * The query of the target with `rel=next` in a `Link` header (RFC 8288). Undefined without such a link or without a
 * query. Takes linear time.
 */
export function nextLinkQuery(headers: ResponseHeaders, requestUrl: string): string | undefined {
  const text = [headers['link']].flat().join(',').slice(0, longestHeader);
  let at = text.indexOf('<');
  while (at >= 0) {
    const end = text.indexOf('>', at);
    if (end < 0) return undefined;
    const following = text.indexOf('<', end);
    const parameters = text.slice(end + 1, following < 0 ? undefined : following);
    if (isNext(parameters)) {
      const query = parseUrl(text.slice(at + 1, end), requestUrl)?.search.slice(1);
      return query === '' ? undefined : query;
    }
    at = following;
  }
  return undefined;
}

/** Whether the first `rel` among the parameters of a link has the relation `next`. */
function isNext(parameters: string): boolean {
  for (const parameter of parameters.split(';')) {
    const [name = '', value = ''] = parameter.split('=', 2);
    if (name.trim().toLowerCase() !== 'rel') continue;
    return value
      .replaceAll(/[",]/g, ' ')
      .split(' ')
      .some((relation) => relation.trim().toLowerCase() === 'next');
  }
  return false;
}
