// The tools
export { searchIssues } from './search-issues.js';
export { listIssues } from './list-issues.js';
export { getIssue } from './get-issue.js';
export { createIssue } from './create-issue.js';
export { updateIssue } from './update-issue.js';
export { archiveIssue } from './archive-issue.js';
export { createComment } from './create-comment.js';
export { deleteComment } from './delete-comment.js';
export { listTeams } from './list-teams.js';
export { listUsers } from './list-users.js';
export { listProjects } from './list-projects.js';
export { getViewer } from './get-viewer.js';

// How many requests they may make
export { limits } from './limits.js';
