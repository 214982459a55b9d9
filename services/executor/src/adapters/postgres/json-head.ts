/**
 * SQL for the head of a stored text, as the text of a JSON object: a call up to its arguments, or an outcome up to its
 * result. Both heads are short for any arguments and any result. A quote inside a JSON string is always escaped, so the
 * first `,"arguments":` or `,"result":` is the member itself.
 */
export const requestHead = (column: string): string => headOf(column, ',"arguments":');
export const outcomeHead = (column: string): string => headOf(column, ',"result":');

function headOf(column: string, member: string): string {
  return `CASE WHEN strpos(${column}, '${member}') > 0
               THEN left(${column}, strpos(${column}, '${member}') - 1) || '}' ELSE ${column} END`;
}
