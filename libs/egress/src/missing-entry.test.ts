import { missingEntry } from './missing-entry.js';

describe('missingEntry', () => {
  it.each([
    ['http://localhost:3000/v1', 'localhost:3000'],
    ['http://127.0.0.1/', '127.0.0.1:80'],
    ['https://[::1]:8443/x', '[::1]:8443'],
    ['https://10.1.2.3/x', '10.1.2.3:443'],
    ['http://api.example.com/', 'api.example.com:80'],
    ['https://api.example.com:8443/', 'api.example.com:8443'],
  ])('names the entry that %s needs, and returns nothing once it is listed', (url, entry) => {
    expect(missingEntry(url)).toBe(entry);
    expect(missingEntry(url, [entry])).toBeUndefined();
  });

  it('returns nothing for the public internet, or if no entry helps', () => {
    expect(missingEntry('https://api.example.com/v1')).toBeUndefined();
    expect(missingEntry('ftp://localhost/')).toBeUndefined();
    expect(missingEntry('https://user:secret@localhost/')).toBeUndefined();
    expect(missingEntry('nonsense')).toBeUndefined();
  });

  it('accepts a star for all ports', () => {
    const thisMachine = ['localhost:*', '127.0.0.0/8:*', '[::1]:*'];
    for (const url of ['http://localhost:3000', 'http://127.0.0.5:1', 'http://[::1]:65535'])
      expect(missingEntry(url, thisMachine)).toBeUndefined();
    expect(missingEntry('http://10.0.0.1:3000', thisMachine)).toBe('10.0.0.1:3000');
  });
});
