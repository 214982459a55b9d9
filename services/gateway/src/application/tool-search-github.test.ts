import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { ToolRegistry } from '@action-mesh/admission';
import { importDocument } from '@action-mesh/openapi';
import { jest } from '@jest/globals';

import { KnownTools } from './known-tools.js';
import { ToolSearch } from './tool-search.js';

// The test imports the whole document, which takes several seconds on a busy machine.
jest.setTimeout(120_000);

/** Requests of agents among all tools of GitHub, each with the right tool. */
const intents: readonly (readonly [text: string, tool: string])[] = [
  ['add a comment to an issue', 'issues_create_comment'],
  ['list my repositories', 'repos_list_for_authenticated_user'],
  ['open a new issue', 'issues_create'],
  ['close an issue', 'issues_update'],
  ['edit the title of an issue', 'issues_update'],
  ['show an issue', 'issues_get'],
  ['read the comments on an issue', 'issues_list_comments'],
  ['remove a comment from an issue', 'issues_delete_comment'],
  ['put a label on an issue', 'issues_add_labels'],
  ['assign someone to an issue', 'issues_add_assignees'],
  ['list open issues in a repo', 'issues_list_for_repo'],
  ['create a pull request', 'pulls_create'],
  ['make a new pr', 'pulls_create'],
  ['merge a pr', 'pulls_merge'],
  ['list prs of a repo', 'pulls_list'],
  ['get the files changed in a pull request', 'pulls_list_files'],
  ['request a review on a pr', 'pulls_request_reviewers'],
  ['approve a pull request', 'pulls_create_review'],
  ['create a new repo', 'repos_create_for_authenticated_user'],
  ['delete a repo', 'repos_delete'],
  ['fork a repo', 'repos_create_fork'],
  ['read a file from a repository', 'repos_get_content'],
  ['change a file in a repository', 'repos_create_or_update_file_contents'],
  ['list branches', 'repos_list_branches'],
  ['create a branch', 'git_create_ref'],
  ['list commits of a repository', 'repos_list_commits'],
  ['compare two commits', 'repos_compare_commits_with_basehead'],
  ['make a release', 'repos_create_release'],
  ['get the latest release', 'repos_get_latest_release'],
  ['search repositories', 'search_repos'],
  ['find code', 'search_code'],
  ['trigger a workflow', 'actions_create_workflow_dispatch'],
  ['rerun a failed workflow', 'actions_re_run_workflow_failed_jobs'],
  ['list workflow runs', 'actions_list_workflow_runs_for_repo'],
  ['show my profile', 'users_get_authenticated'],
  ['list my notifications', 'activity_list_notifications_for_authenticated_user'],
  ['star a repo', 'activity_star_repo_for_authenticated_user'],
  ['create a gist', 'gists_create'],
  ['list members of an organization', 'orgs_list_members'],
  ['invite a user to an org', 'orgs_create_invitation'],
  ['list my gists', 'gists_list'],
  ['what issues are assigned to me', 'issues_list'],
  ['modify a pull request', 'pulls_update'],
  ['view a pull request', 'pulls_get'],
  ['list comments on a pr review', 'pulls_list_comments_for_review'],
  ['remove a label from an issue', 'issues_remove_label'],
  ['delete a branch', 'git_delete_ref'],
  ['list my organizations', 'orgs_list_for_authenticated_user'],
  ['add a collaborator to a repo', 'repos_add_collaborator'],
  ['fetch the readme of a repo', 'repos_get_readme'],
  ['make a milestone', 'issues_create_milestone'],
  ['create a webhook for a repository', 'repos_create_webhook'],
  ['list contributors of a repo', 'repos_list_contributors'],
  ['cancel a workflow run', 'actions_cancel_workflow_run'],
  ['download logs of a workflow run', 'actions_download_workflow_run_logs'],
  ['set a repository secret', 'actions_create_or_update_repo_secret'],
  ['follow a user', 'users_follow'],
  ['list the repos of an organization', 'repos_list_for_org'],
  ['lock an issue', 'issues_lock'],
  ['get a commit', 'repos_get_commit'],
  ['list my starred repos', 'activity_list_repos_starred_by_authenticated_user'],
  ['add a user to a team', 'teams_add_or_update_membership_for_user_in_org'],
  ['react to an issue with an emoji', 'reactions_create_for_issue'],
  ['find users', 'search_users'],
];

/** The other requests need GitHub's own words: a branch is created as a reference, a request approved by a review. */
const leastFound = 59;
/** The requests that have their tool first. */
const leastFirst = 45;

const path = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json');

describe('a search among the 1,221 tools of GitHub', () => {
  const registry = new ToolRegistry();
  const search = new ToolSearch(new KnownTools(registry, { missing: undefined }));

  beforeAll(() => {
    const { tools } = importDocument(readFileSync(path, 'utf8'), { toolkit: 'github' });
    for (const tool of tools) registry.put(tool);
  });

  async function isFound([text, tool]: readonly [string, string]): Promise<boolean> {
    const { tools } = await search.find({ text, limit: 5 });
    return tools.some(({ slug }) => slug === `github_${tool}`);
  }

  it(`has the right tool among the first five for ${leastFound} of ${intents.length} intents`, async () => {
    const found = await Promise.all(intents.map(isFound));
    expect(found.filter(Boolean)).toHaveLength(leastFound);
  });

  it('keeps the number of right tools in first place', async () => {
    const first = await Promise.all(
      intents.map(async ([text, tool]) => (await search.find({ text })).tools[0]?.slug === `github_${tool}`),
    );
    expect(first.filter(Boolean).length).toBeGreaterThanOrEqual(leastFirst);
  });

  it.each([
    ['create an issue', 'issues_create'],
    ['remove a label', 'issues_remove_label'],
    ['delete a label', 'issues_delete_label'],
    ['get page views', 'repos_get_views'],
  ])('puts the tool with this title first: "%s"', async (text, tool) => {
    const { tools } = await search.find({ text });
    expect(tools[0]?.slug).toBe(`github_${tool}`);
  });

  it.each(intents.slice(0, 2))('has it for "%s"', async (...intent) => {
    await expect(isFound(intent)).resolves.toBe(true);
  });
});
