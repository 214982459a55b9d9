import { welcome, type Started } from './welcome.js';

const started: Started = {
  gatewayUrl: 'http://127.0.0.1:8080',
  keys: { apiKey: 'mesh_secret', publisherToken: 'meshpub_secret', serviceKey: 'a-service-key', isNew: true },
  dataFolder: '/checkout/.mesh/data',
  database: 'this start',
  kafkaBrokers: ['127.0.0.1:9092'],
  tools: [{ location: undefined, count: 3, refused: 0 }],
  warnings: [],
};

describe('the output of a start', () => {
  it('shows a new key once, and afterwards the file that holds it', () => {
    expect(welcome(started)).toContain('export GATEWAY_API_KEY=mesh_secret');
    const later = welcome({
      ...started,
      keys: {
        apiKey: 'mesh_secret',
        publisherToken: 'meshpub_secret',
        serviceKey: 'the-service-key',
        isNew: false,
      },
    });
    expect(later).toContain('export GATEWAY_API_KEY=$(cat /checkout/.mesh/data/api-key)');
    expect(later).not.toContain('mesh_secret');
    expect(welcome({ ...started, keys: undefined })).not.toContain('export GATEWAY_API_KEY');
  });

  it('shows the publisher token only when no file keeps it', () => {
    expect(welcome(started)).toContain('the token in /checkout/.mesh/data/publisher-token');
    expect(welcome(started)).not.toContain('meshpub_secret');
    expect(welcome({ ...started, dataFolder: undefined })).toContain('the token meshpub_secret');
  });

  it('shows a folder without a tool', () => {
    const tools = [...started.tools, { location: '/elsewhere', count: 0, refused: 0 }];
    expect(welcome({ ...started, tools })).toContain('Tools: 3 demo tools, NO TOOL from /elsewhere.');
  });

  it('counts only accepted tools, and shows the number of refused ones', () => {
    const of = (count: number, refused: number) =>
      welcome({ ...started, tools: [...started.tools, { location: '/mine', count, refused }] });
    expect(of(2, 1)).toContain('Tools: 3 demo tools, 2 from /mine (1 refused).');
    expect(of(0, 1)).toContain('Tools: 3 demo tools, NO TOOL from /mine (1 refused).');
  });

  it('shows the place of the data, and that the end of a background stack deletes its data', () => {
    expect(welcome(started)).toContain('kept in /checkout/.mesh/data');
    expect(welcome({ ...started, database: 'running stack' })).toContain('npm run stack -- down');
    expect(welcome({ ...started, database: 'environment' })).toContain('DATABASE_URL');
    expect(welcome({ ...started, dataFolder: undefined })).toContain('Nothing is kept');
  });
});
