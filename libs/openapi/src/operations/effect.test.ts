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
    'of %s without an id is named by its path, and not believed to only read',
    (path) => {
      expect(effect('get', path)).toEqual(doubtful);
      expect(effect('get', path, { operationId: '' })).toEqual(doubtful);
    },
  );

  it.each([
    ['/apps.permissions.request', { operationId: 'apps_permissions_request' }],
    ['/permissions.request', { operationId: 'p', summary: 'Asks the user for further permissions' }],
    ['/permissions', { operationId: 'p', description: 'Allows an app to request additional scopes' }],
    ['/authorize', { operationId: 'get_authorize', summary: 'Authorize user' }],
    ['/users/{id}/delete', { operationId: 'get_users_id_delete', summary: 'The user' }],
    ['/users/{id}/charge', { operationId: 'get_users_id_charge', summary: 'Charge the user' }],
    ['/users/{id}/charge', { operationId: 'GetUsersIdCharge', summary: 'Charge the user' }],
  ])(
    'of %s with an acting word after a method or a noun is not believed to only read [I2]',
    (path, operation) => {
      expect(effect('get', path, operation)).toEqual(doubtful);
    },
  );

  it('with a path that begins with a reading word is still judged by its description', () => {
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
  ])('described as "%s" is not believed to only read', (text) => {
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
    [{ summary: 'Get a deploy key' }, '/deploy-keys/{id}'],
    [{ operationId: 'listPosts' }, '/posts.json'],
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
  ])('%s %s called %s has a further effect each time', (method, path, operationId) => {
    expect(effect(method, path, { operationId })).toEqual(doubtful);
  });

  it.each(['addItemToCart', 'createOrder', 'createPayment', 'insert_row', 'create-or-update-thing'])(
    'called %s makes another thing each time, unless its path names the thing',
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
  ])('%s %s without an id is named by its path, and has a further effect each time', (method, path) => {
    expect(effect(method, path)).toEqual(doubtful);
  });

  it.each([
    ['put', '/transfer/{id}'],
    ['put', '/cart/addItem/{id}'],
    ['delete', '/users/{id}/deleteRun'],
  ])('%s %s without an id is idempotent', (method, path) => {
    expect(effect(method, path)).toEqual(['idempotent']);
  });

  it('with a path that begins with a settling word is still judged by its description', () => {
    expect(effect('put', '/set-items', { summary: 'Adds an item' })).toEqual(doubtful);
    expect(effect('put', '/set-items/{id}', { summary: 'Charges a card' })).toEqual(doubtful);
  });

  it('described as an addition makes another thing each time, and is idempotent if its path names the thing', () => {
    expect(effect('put', '/things', { operationId: 'things', summary: 'Adds a thing' })).toEqual(doubtful);
    expect(effect('put', '/things', { operationId: 'setThings', summary: 'Add things' })).toEqual([
      'idempotent',
    ]);
    expect(effect('put', '/things', { summary: 'Creates or replaces a thing' })).toEqual(doubtful);
    expect(effect('put', '/things/{id}', { summary: 'Creates or replaces a thing' })).toEqual(['idempotent']);
  });

  it.each([
    ['put', '/things/{id}', 'putThing'],
    ['put', '/things/{id}', 'put_things_id'],
    ['put', '/processes/{id}', 'updateProcess'],
    ['put', '/transfers/{id}', 'updateTransfer'],
    ['put', '/transfers/{id}', 'TransferController_update'],
    ['put', '/orgs/{org}/members/{name}', 'orgs/add-member'],
    ['delete', '/runs/{id}', 'deleteRun'],
    ['delete', '/things/{id}', 'removeCopy'],
    ['put', '/issues/{id}/lock', 'issues/lock'],
    ['put', '/hooks/{id}/url', 'updateHookUrl'],
    ['delete', '/things', 'clearThings'],
  ])('%s %s called %s is idempotent', (method, path, operationId) => {
    expect(effect(method, path, { operationId })).toEqual(['idempotent']);
  });

  it.each([
    ['put', '/tokens/{id}/value', 'user-api-tokens-roll-token', 'Roll Token'],
    ['put', '/users/{id}/charge', 'put_users_id_charge', 'Charge the user'],
    ['put', '/users/{id}/transfer', 'put_users_id_transfer', 'Transfer money of a user'],
    ['put', '/users/{id}/folders/0', 'put_users_id_folders_0', 'Transfer owned folders'],
    ['put', '/repos/{repo}/import', 'migrations/start-import', ''],
    ['put', '/pulls/{id}/update-branch', 'pulls/update-branch', 'Update a branch'],
    ['put', '/subscriptions/{id}/cancel', 'PUT_CancelSubscription', 'Cancel a subscription'],
    ['put', '/users/{id}', 'frobnicateUser', ''],
    ['put', '/users/{id}', 'user', 'Silence a user'],
    ['put', '/password-reset/{token}', 'changePassword', 'Change password'],
    ['put', '/bill-runs/{id}', 'Object_PUTBillRun', 'CRUD: Post or cancel a bill run'],
    ['put', '/things', 'things', ''],
    ['delete', '/users/{id}/uploads/{upload}', 'complete_upload', 'Complete an upload'],
    ['delete', '/jobs', 'deleteOldestJob', ''],
    ['delete', '/cards/{id}/last', 'deleteCard', ''],
    ['delete', '/jobs/{id}', 'deleteJob', 'Delete the next job'],
  ])(
    '%s %s, called %s and said to be "%s", is not proved to be safe [I2]',
    (method, path, operationId, summary) => {
      expect(effect(method, path, { operationId, summary })).toEqual(doubtful);
    },
  );

  it('with a body that orders an action is not proved to be safe [I2]', () => {
    const withBody = (schema: object, type = 'application/json'): object => ({
      operationId: 'updateStatus',
      requestBody: { content: { [type]: { schema } } },
    });
    const order = { type: 'object', properties: { action: { type: 'string' } } };
    const patch = { type: 'array', items: { type: 'object', properties: { op: {}, path: {} } } };
    expect(effect('put', '/things/{id}', withBody(order))).toEqual(doubtful);
    expect(effect('put', '/things/{id}', withBody({ allOf: [order] }))).toEqual(doubtful);
    expect(effect('put', '/things/{id}', withBody(patch))).toEqual(doubtful);
    expect(effect('put', '/things/{id}', withBody({ type: 'object', properties: { name: {} } }))).toEqual([
      'idempotent',
    ]);
  });
});

describe('a POST or PATCH', () => {
  it.each(['post', 'patch'])('by %s is opaque under any name', (method) => {
    expect(effect(method, '/things', { operationId: 'getThing' })[0]).toBe('opaque');
  });

  it.each([
    ['/things/search', { operationId: 'searchThings' }],
    ['/things/search', {}],
    ['/query', { operationId: 'Action_POSTquery', summary: 'Query' }],
    ['/things/bulk-list', { operationId: 'things/list-bulk' }],
  ])('of %s that may only read is proposed for review, and stays opaque', (path, operation) => {
    expect(effect('post', path, operation)).toEqual(['opaque', 'effect_may_read']);
  });

  it.each([
    ['/things/search', { operationId: 'searchThings', responses: { 201: { description: 'made' } } }],
    ['/searches', { operationId: 'createSearch' }],
    ['/lists', { operationId: 'addToList' }],
    ['/things/get-or-create', { operationId: 'getOrCreateThing' }],
    ['/inline-query', { operationId: 'answerQuery' }],
    ['/things', { operationId: 'things' }],
  ])('of %s that may write is not proposed: %j', (path, operation) => {
    expect(effect('post', path, operation)).toEqual(['opaque']);
  });
});

describe('an idempotency key', () => {
  const parameter = (name: string, more: object = {}) => ({
    name,
    in: 'header',
    required: true,
    schema: { type: 'string' },
    ...more,
  });
  const imported = (method: string, ...parameters: object[]) =>
    importSample(sampleDocument({ '/things': { [method]: { parameters } } })).tools[0];
  const withBody = (properties: object, required: string[] = [], type = 'application/json') => {
    const schema = { type: 'object', properties, required };
    const requestBody = { required: true, content: { [type]: { schema } } };
    return importSample(sampleDocument({ '/things': { post: { operationId: 'addThing', requestBody } } }))
      .tools[0];
  };

  it.each(['post', 'put', 'patch', 'delete'])(
    'in a header makes a %s keyed, and is then no argument',
    (method) => {
      const tool = imported(method, parameter('Idempotency-Key'));
      const effect = { class: 'keyed', in: 'header', name: 'idempotency-key', ttl_ms: 3_600_000 };
      expect(tool?.effect).toEqual(effect);
      expect(tool?.input['properties']).toEqual({});
      expect(tool?.warnings.map(({ code }) => code)).toEqual(['key_ttl_assumed']);
    },
  );

  it.each([
    ['PayPal-Request-Id', {}],
    ['X-Idempotency-Key', {}],
    ['X-Request-Id', { description: 'Makes the request idempotent.' }],
    ['requestId', { in: 'query', description: 'The same request is carried out once.' }],
    ['idempotencyKey', { in: 'query' }],
  ])('is recognized as %s', (name, more) => {
    expect(imported('post', parameter(name, more))?.effect.class).toBe('keyed');
  });

  it.each([
    ['X-Request-Id', { description: 'For your logs.' }],
    ['requestId', { in: 'query' }],
    ['id', { in: 'query', description: 'An idempotent thing.' }],
    ['token', { in: 'query', description: 'Of an idempotent thing.' }],
    ['Idempotency-Key', { schema: { type: 'string', maxLength: 20 } }],
    ['Idempotency-Key', { schema: { type: 'string', enum: ['a'] } }],
    ['Idempotency-Key', { schema: { type: 'integer' } }],
  ])('is not recognized as %s with %j', (name, more) => {
    const tool = imported('post', parameter(name, more));
    expect(tool?.effect.class).toBe('opaque');
    expect(Object.keys(tool?.input['properties'] as object)).toEqual([name]);
  });

  it.each(['application/json', 'application/x-www-form-urlencoded'])(
    'in a body of %s is filled in',
    (type) => {
      const text = { type: 'string' };
      const tool = withBody({ idempotency_key: text, name: text }, ['idempotency_key', 'name'], type);
      expect(tool?.effect).toMatchObject({ class: 'keyed', in: 'body', name: 'idempotency_key' });
      expect(tool?.input).toMatchObject({ properties: { name: text }, required: ['name'] });
      expect(Object.keys(tool?.input['properties'] as object)).toEqual(['name']);
    },
  );

  it('that is the whole body leaves a body without arguments', () => {
    const tool = withBody({ client_token: { type: 'string', description: 'Idempotency token' } }, [
      'client_token',
    ]);
    expect(tool?.effect).toMatchObject({ class: 'keyed', in: 'body', name: 'client_token' });
    expect(tool?.input['properties']).toEqual({});
  });

  it('stays an argument in a body that is one argument, with a warning', () => {
    const properties = { idempotency_key: { type: 'string' }, 'not a name': {} };
    const tool = withBody(properties, ['idempotency_key']);
    expect(tool?.effect.class).toBe('opaque');
    expect(tool?.input['required']).toEqual(['body']);
    expect(tool?.warnings.map(({ code }) => code)).toContain('member_kept');
  });

  it('is trusted for the time that its vendor promises', () => {
    const stripe = importSample({
      ...sampleDocument({ '/v1/charges': { post: { parameters: [parameter('Idempotency-Key')] } } }),
      servers: [{ url: 'https://api.stripe.com' }],
    });
    expect(stripe.tools[0]?.effect).toMatchObject({ ttl_ms: 86_400_000 });
    expect(stripe.first.warnings).toEqual([]);
  });

  it('is an argument of an operation that only reads', () => {
    const tool = imported('get', parameter('Idempotency-Key'));
    expect(tool?.effect).toEqual({ class: 'read' });
    expect(tool?.input).toMatchObject({ required: ['Idempotency-Key'] });
  });

  it('beside another one is an argument, because the mesh fills in only one', () => {
    const tool = imported('post', parameter('Idempotency-Key'), parameter('X-Idempotency-Token'));
    expect(tool?.effect).toMatchObject({ class: 'keyed', in: 'header', name: 'idempotency-key' });
    expect(tool?.input).toMatchObject({ required: ['X-Idempotency-Token'] });
  });
});
