// The tools
export { getRepository } from './get-repository.js';
export { searchIssues } from './search-issues.js';
export { listIssues } from './list-issues.js';
export { getIssue } from './get-issue.js';
export { createIssue } from './create-issue.js';
export { updateIssue } from './update-issue.js';
export { addLabels } from './add-labels.js';
export { listComments } from './list-comments.js';
export { createComment } from './create-comment.js';
export { deleteComment } from './delete-comment.js';
export { listPullRequests } from './list-pull-requests.js';
export { getPullRequest } from './get-pull-request.js';
export { createPullRequest } from './create-pull-request.js';
export { requestReviewers } from './request-reviewers.js';
export { mergePullRequest } from './merge-pull-request.js';

// How many requests they may make
export { limits } from './limits.js';
