// The tools
export { search } from './search.js';
export { getPage } from './get-page.js';
export { createPage } from './create-page.js';
export { updatePage } from './update-page.js';
export { getDatabase } from './get-database.js';
export { getDataSource } from './get-data-source.js';
export { queryDataSource } from './query-data-source.js';
export { listBlocks } from './list-blocks.js';
export { appendBlocks } from './append-blocks.js';
export { updateBlock } from './update-block.js';
export { deleteBlock } from './delete-block.js';
export { createComment } from './create-comment.js';
export { listComments } from './list-comments.js';
export { listUsers } from './list-users.js';

// How many requests they may make
export { limits } from './limits.js';
