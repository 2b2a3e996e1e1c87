import { describe, expect, it } from 'vitest';
import { createHostNames } from './host-names.ts';

const names = (hosts: string, host = '127.0.0.1') => createHostNames({ host, hosts });

describe('pages of the names that are listed', () => {
  it.each([
    ['a.example', 'https://a.example', true],
    ['a.example', 'http://a.example', true],
    ['a.example', 'https://A.example:443', true],
    ['a.example', 'https://a.example:8443', false],
    ['a.example', 'http://a.example:443', false],
    ['a.example', 'https://b.a.example', false],
    ['a.example', 'https://a.example.b', false],
    ['a.example', 'ws://a.example', false],
    ['a.example', 'file://a.example', false],
    ['a.example:8443', 'https://a.example:8443', true],
    ['a.example:8443', 'https://a.example', false],
    ['https://a.example', 'https://a.example', true],
    ['https://a.example', 'http://a.example', false],
    ['https://a.example:8443', 'https://a.example:8443', true],
    ['x, https://a.example,a.example:81 ,', 'http://a.example:81', true],
    ['10.0.0.7', 'http://10.0.0.7', true],
    ['fd00::7', 'http://[fd00::7]', true],
    ['[fd00::7]:81', 'http://[fd00::7]:81', true],
  ])('%s, a page of %s: %s', (hosts, origin, allowed) => {
    expect(names(hosts).allowOrigin(origin, 'localhost:8080')).toBe(allowed);
  });

  it('are those of the address that was called as well, by the scheme that is listed for it', () => {
    const host = 'a.example:8080';
    expect(names('a.example').allowOrigin('http://a.example:8080', host)).toBe(true);
    expect(names('a.example').allowOrigin('https://a.example:8080', host)).toBe(true);
    expect(names('https://a.example:8080').allowOrigin('http://a.example:8080', host)).toBe(false);
    expect(names('https://a.example').allowOrigin('https://a.example:8080', host)).toBe(true);
  });
});

describe('the Host of a name that is listed', () => {
  it.each([
    ['a.example', 'a.example', true],
    ['a.example', 'A.example:8080', true],
    ['https://a.example:8443', 'a.example:8443', true],
    ['a.example:8443', 'a.example', true],
    ['a.example:8443', 'a.example:8444', false],
    ['a.example', 'b.example', false],
  ])('%s, Host %s: %s', (hosts, host, allowed) => {
    expect(names(hosts).allowHost(host)).toBe(allowed);
  });
});

it.each([
  '*.example',
  'a.example/path',
  'ftp://a.example',
  'a b',
  'a.example:port',
  'https:a.example',
  '[::1',
])('refuses to start with %s, which no browser could name', (entry) => {
  expect(() => names(`ok.example,${entry}`)).toThrow(/MILLRACE_HOSTS: .*got /);
});
