import { importSample, sampleDocument } from '../sample-document.fake.js';

const effect = (method: string, path: string, operation: object = {}) => {
  const { tools, first } = importSample(sampleDocument({ [path]: { [method]: operation } }));
  return [tools[0]?.effect.class, ...first.warnings.map(({ code }) => code)].filter(
    (word) => word !== 'parameter_undeclared',
  );
};
const doubtful = ['opaque', 'effect_doubtful'];

describe('a GET', () => {
  it.each([
    'auth_revoke',
    'user_delete',
    'usersDelete',
    'Users_Delete',
    'doDelete',
    'deletesUser',
    'things/remove',
    'logoutUser',
    'logOutUser',
    'wipeDevice',
    'reboot',
    'pay',
    'confirmEmail',
    'listUnsubscribe',
    'messages.send',
    'orderConfirm',
    'podExec',
    'shareFile',
    'files.share',
    'dialog.open',
    'dialog_open',
    'requestToken',
    'cleanCache',
    'config_reload',
    'shortenUrl',
    'exchangeToken',
    'compileTemplate',
    'rollbackDeployment',
    'regenKey',
    'workflows.stepCompleted',
    'step_failed',
    'getAndDelete',
    'get_or_create_thing',
  ])('called %s is not believed to only read', (operationId) => {
    expect(effect('get', '/things', { operationId })).toEqual(doubtful);
  });

  it.each([
    '/apps.uninstall',
    '/users/{id}/delete',
    '/users/{id}/delete/',
    '/delete-user/{id}',
    '/items/{id}:purge',
  ])('of %s is not believed to only read', (path) => {
    expect(effect('get', path)).toEqual(doubtful);
  });

  it.each(['/sendMessage', '/sendMessage/{id}', '/run-workflow', '/things/{id}/getAndDelete', '/userToggle'])(
    'of %s without an id is called by its path, and not believed to only read',
    (path) => {
      expect(effect('get', path)).toEqual(doubtful);
      expect(effect('get', path, { operationId: '' })).toEqual(doubtful);
    },
  );

  it('of a path that begins with a word that reads is still judged by what is said of it', () => {
    expect(effect('get', '/check-in', { summary: 'Deletes a thing' })).toEqual(doubtful);
  });

  it.each(['/block/{hash}', '/repos/{name}/archive', '/listDeleted', '/getMessage', '/transferList'])(
    'of %s without an id reads',
    (path) => {
      expect(effect('get', path)).toEqual(['read']);
    },
  );

  it.each([
    'Deletes a user',
    'Deleted a user',
    'Deleting a user',
    'Cancelled the order',
    'Triggers a deployment',
    'Revokes a token.',
    'Copies the file',
    'Send a message',
    'Logs out the user',
  ])('said to be "%s" is not believed to only read', (text) => {
    expect(effect('get', '/things', { operationId: 'things', summary: text })).toEqual(doubtful);
    expect(effect('get', '/things', { description: text })).toEqual(doubtful);
  });

  it.each([
    [{ operationId: 'listThings' }, '/things'],
    [{ operationId: 'things/list-removed', summary: 'Removed things' }, '/things/removed'],
    [{ operationId: 'getDeletedThings', summary: 'Deleted things' }, '/things/deleted'],
    [{ operationId: 'getPasswordReset' }, '/reset-requests'],
    [{ operationId: 'Users_ListDeleteRequests' }, '/delete-requests'],
    [{ operationId: 'PasswordController_getResetRequest' }, '/requests'],
    [{ operationId: 'checkDeletion', summary: 'Deletion of a thing' }, '/things/deletion'],
    [{ operationId: 'get-workflow-run' }, '/runs/{id}'],
    [{ operationId: 'runGet', summary: 'Runs of a workflow' }, '/runs'],
    [{ operationId: 'pulls/check-if-merged' }, '/pulls/{id}/merge'],
    [{ operationId: 'openOrders' }, '/orders/open'],
    [{ operationId: 'getOpen' }, '/orders/open'],
    [{ operationId: 'exchangeRates' }, '/exchange-rates'],
    [{ summary: 'Exchange rates' }, '/exchange-rates'],
    [{ operationId: 'listShares', summary: 'Shares of a company' }, '/shares'],
    [{ operationId: 'requestGet' }, '/requests/{id}'],
    [{ operationId: 'getRequest', summary: 'Request of a user' }, '/requests/{id}'],
    [{ operationId: 'jobs_failed' }, '/jobs/failed'],
    [{ operationId: 'isCompleted' }, '/jobs/{id}/completed'],
    [{ operationId: 'users/me' }, '/user'],
    [{ summary: 'Payment methods' }, '/payments'],
  ])('%j reads', (operation, path) => {
    expect(effect('get', path, operation)).toEqual(['read']);
  });
});

describe('a PUT or DELETE', () => {
  it.each([
    ['put', '/count', 'counterIncrement'],
    ['put', '/funds/{id}', 'transferFunds'],
    ['put', '/money', 'withdrawMoney'],
    ['put', '/cards/{id}', 'chargeCard'],
    ['put', '/refund', 'refundPayment'],
    ['put', '/messages/{id}', 'publishMessage'],
    ['put', '/lists/{id}/tracks', 'reorderPlaylistItems'],
    ['put', '/users/{id}', 'userToggle'],
    ['put', '/servers/{id}', 'restartServer'],
    ['put', '/keys/{id}', 'rotateKey'],
    ['put', '/deployments/{id}', 'rollbackDeployment'],
    ['put', '/keys/{id}', 'regenKey'],
    ['put', '/tokens/{id}', 'refreshToken'],
    ['put', '/servers/{id}', 'startServer'],
    ['put', '/tracks/{id}', 'playTrack'],
    ['put', '/payments/{id}', 'processPayment'],
    ['put', '/player/play', 'player'],
    ['put', '/keys/{id}/rotate', 'updateKeyRotation'],
    ['put', '/users/{id}', 'updateAndNotify'],
    ['delete', '/messages', 'popMessage'],
    ['delete', '/messages', 'dequeueMessage'],
    ['delete', '/q/head/', 'takeHead'],
    ['delete', '/jobs/latest', 'deleteJob'],
  ])('%s %s called %s does more each time', (method, path, operationId) => {
    expect(effect(method, path, { operationId })).toEqual(doubtful);
  });

  it.each(['addItemToCart', 'createOrder', 'createPayment', 'insert_row'])(
    'called %s makes one thing more, unless its path names the thing',
    (operationId) => {
      expect(effect('put', '/things/', { operationId })).toEqual(doubtful);
      expect(effect('put', '/things/{id}', { operationId })).toEqual(['idempotent']);
    },
  );

  it.each([
    ['put', '/accounts/{id}/chargeCard'],
    ['put', '/accounts/{id}/charge-card'],
    ['put', '/accounts/{id}/charge'],
    ['put', '/servers/{id}/start'],
    ['put', '/cart/addItem'],
    ['put', '/users/{id}/flagToggle'],
    ['delete', '/queues/{id}/popMessage'],
  ])('%s %s without an id is called by its path, and does more each time', (method, path) => {
    expect(effect(method, path)).toEqual(doubtful);
  });

  it.each([
    ['put', '/transfer/{id}'],
    ['put', '/cart/addItem/{id}'],
    ['put', '/users/{id}/updateTransfer'],
    ['delete', '/users/{id}/deleteRun'],
  ])('%s %s without an id is as good twice', (method, path) => {
    expect(effect(method, path)).toEqual(['idempotent']);
  });

  it('of a path that begins with a word that settles is still judged by what is said of it', () => {
    expect(effect('put', '/set-items', { summary: 'Adds an item' })).toEqual(doubtful);
    expect(effect('put', '/set-items/{id}', { summary: 'Charges a card' })).toEqual(doubtful);
  });

  it('said to add something makes one thing more, and is as good twice where it says that it settles it', () => {
    expect(effect('put', '/things', { operationId: 'things', summary: 'Adds a thing' })).toEqual(doubtful);
    expect(effect('put', '/things', { operationId: 'setThings', summary: 'Add things' })).toEqual([
      'idempotent',
    ]);
    expect(effect('put', '/things', { operationId: 'create-or-update-thing' })).toEqual(['idempotent']);
    expect(effect('put', '/things', { summary: 'Creates or replaces a thing' })).toEqual(['idempotent']);
  });

  it.each([
    ['put', '/things', 'putThing'],
    ['put', '/processes/{id}', 'updateProcess'],
    ['put', '/repos/{repo}/import', 'migrations/start-import'],
    ['put', '/transfers/{id}', 'updateTransfer'],
    ['put', '/transfers/{id}', 'TransferController_update'],
    ['put', '/orgs/{org}/members/{name}', 'orgs/add-member'],
    ['delete', '/runs/{id}', 'deleteRun'],
    ['delete', '/things/{id}', 'removeCopy'],
  ])('%s %s called %s is as good twice', (method, path, operationId) => {
    expect(effect(method, path, { operationId })).toEqual(['idempotent']);
  });
});

describe('a POST or PATCH', () => {
  it.each(['post', 'patch'])('by %s is opaque, whatever it is called', (method) => {
    expect(effect(method, '/things', { operationId: 'getThing' })).toEqual(['opaque']);
  });
});

describe('a header for an idempotency key', () => {
  const key = (name: string, required = true) => ({
    name,
    in: 'header',
    required,
    schema: { type: 'string' },
  });
  const imported = (method: string, ...parameters: object[]) =>
    importSample(sampleDocument({ '/things': { [method]: { parameters } } })).tools[0];

  it.each(['post', 'put', 'patch', 'delete'])('makes a %s keyed, and is then no argument', (method) => {
    const tool = imported(method, key('Idempotency-Key'));
    expect(tool?.effect).toEqual({ class: 'keyed', header: 'idempotency-key', ttl_ms: 3_600_000 });
    expect(tool?.input['properties']).toEqual({});
    expect(tool?.warnings.map(({ code }) => code)).toEqual(['key_ttl_assumed']);
  });

  it('is an argument of what only reads', () => {
    const tool = imported('get', key('Idempotency-Key'));
    expect(tool?.effect).toEqual({ class: 'read' });
    expect(tool?.input).toMatchObject({ required: ['Idempotency-Key'] });
  });

  it('beside another one is an argument, since the mesh fills one', () => {
    const tool = imported('post', key('Idempotency-Key'), key('X-Idempotency-Token'));
    expect(tool?.effect).toMatchObject({ class: 'keyed', header: 'idempotency-key' });
    expect(tool?.input).toMatchObject({ required: ['X-Idempotency-Token'] });
  });
});
