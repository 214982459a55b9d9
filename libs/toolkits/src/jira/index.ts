// The tools
export { searchIssues } from './search-issues.js';
export { getIssue } from './get-issue.js';
export { createIssue } from './create-issue.js';
export { updateIssue } from './update-issue.js';
export { deleteIssue } from './delete-issue.js';
export { addComment } from './add-comment.js';
export { deleteComment } from './delete-comment.js';
export { listComments } from './list-comments.js';
export { listTransitions } from './list-transitions.js';
export { transitionIssue } from './transition-issue.js';
export { assignIssue } from './assign-issue.js';
export { searchUsers } from './search-users.js';
export { listProjects } from './list-projects.js';

// How many requests they may make
export { limits } from './limits.js';
