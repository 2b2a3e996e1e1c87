import { expect, it } from 'vitest';
import { emptyCatalog } from '#contracts/log/definition-record.ts';
import { openKeyring } from './open-keyring.ts';

const ADMIN = 'an-operator-s-long-random-text';
const LOCAL = { host: '127.0.0.1', publishAddress: '', noKeys: false, adminKey: '' };

const open = (settings: Partial<typeof LOCAL>, catalog = emptyCatalog(), own: string | null = null) =>
  openKeyring({ ...LOCAL, ...settings }, catalog, Date.now, own);

it('needs keys wherever others may come in, and wherever the operator has set one', () => {
  expect(open({}).needed).toBe(false);
  expect(open({ host: '::1' }).needed).toBe(false);
  expect(open({ host: '0.0.0.0', noKeys: true }).needed).toBe(false);
  expect(open({ host: '0.0.0.0', adminKey: ADMIN }).needed).toBe(true);
  expect(open({ adminKey: ADMIN }).needed).toBe(true);
});

it('goes by where a container is published, and not by where it listens inside', () => {
  const inside = { host: '0.0.0.0' };
  for (const publishAddress of ['127.0.0.1', '[::1]', 'localhost'])
    expect(open({ ...inside, publishAddress }).needed).toBe(false);
  for (const publishAddress of ['0.0.0.0', '[::]', '192.168.1.7']) {
    expect(() => open({ ...inside, publishAddress })).toThrow(
      expect.objectContaining({ code: 'invalid_settings', field: 'MILLRACE_PUBLISH_ADDRESS' }),
    );
    expect(() => open({ host: '127.0.0.1', publishAddress })).toThrow('MILLRACE_ADMIN_KEY');
    expect(open({ ...inside, publishAddress, noKeys: true }).needed).toBe(false);
    expect(open({ ...inside, publishAddress, adminKey: ADMIN }).needed).toBe(true);
  }
});

it('refuses an address that others reach while no key exists', () => {
  const refused = { code: 'invalid_settings', field: 'MILLRACE_HOST' };
  expect(() => open({ host: '0.0.0.0' })).toThrow(expect.objectContaining(refused));
  expect(() => open({ host: 'stats.example.org' })).toThrow('MILLRACE_ADMIN_KEY');
  const catalog = emptyCatalog();
  const fold = { version: 1, body: {} };
  catalog.keys.set('k', { kind: 'key', id: 'k', offset: 1, ...fold, served: fold });
  expect(open({ host: '0.0.0.0' }, catalog).needed).toBe(true);
});

it('refuses settings that contradict each other', () => {
  const refused = { code: 'invalid_settings', field: 'MILLRACE_NO_KEYS' };
  expect(() => open({ noKeys: true, adminKey: ADMIN })).toThrow(expect.objectContaining(refused));
});

it('takes the key that a process made for itself', () => {
  const keyring = open({ adminKey: ADMIN }, emptyCatalog(), 'own');
  expect(keyring.identify('own')).toMatchObject({ ok: true, value: { id: 'self', scope: ['admin'] } });
  expect(open({ adminKey: ADMIN }).identify('')).toMatchObject({ ok: false });
});
