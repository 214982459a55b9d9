// The tools
export { query } from './query.js';
export { queryMore } from './query-more.js';
export { search } from './search.js';
export { getRecord } from './get-record.js';
export { createRecord } from './create-record.js';
export { updateRecord } from './update-record.js';
export { upsertRecord } from './upsert-record.js';
export { deleteRecord } from './delete-record.js';
export { listObjects } from './list-objects.js';
export { describeObject } from './describe-object.js';
export { listRecent } from './list-recent.js';
export { getLimits } from './get-limits.js';

// How many requests they may make
export { limits } from './limits.js';
