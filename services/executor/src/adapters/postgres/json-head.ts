/**
 * SQL for the beginning of a stored call, up to its arguments, and of a stored outcome, up to its result, each as the
 * text of a JSON object. Both are short for any arguments and any result. Every quote inside a JSON string is escaped,
 * which makes the first `,"arguments":` or `,"result":` the member itself.
 */
export const requestHead = (column: string): string => headOf(column, ',"arguments":');
export const outcomeHead = (column: string): string => headOf(column, ',"result":');

function headOf(column: string, member: string): string {
  return `CASE WHEN strpos(${column}, '${member}') > 0
               THEN left(${column}, strpos(${column}, '${member}') - 1) || '}' ELSE ${column} END`;
}
