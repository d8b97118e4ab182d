import { expect, test } from 'vitest';
import { CLASSES } from './classes.ts';
import { classify, isPasswordHash } from './classify.ts';

test.each([
  ['email', 'User', ['email'], 'contact.email'],
  ['contactEmail', 'Order', [], 'contact.email'],
  ['owner', 'Note', ['email'], 'contact.email'],
  ['phone_number', 'User', ['text'], 'contact.phone'],
  ['password', 'User', ['word'], 'secret.password'],
  ['passwordHash', 'User', ['text'], 'secret.password'],
  ['hash', 'User', ['password-hash'], 'secret.password'],
  ['access_token', 'Session', ['jwt'], 'secret.token'],
  ['apiKey', 'Account', ['token'], 'secret.token'],
  ['dateOfBirth', 'Patient', ['date'], 'demographic.birth'],
  ['age', 'User', ['integer'], 'demographic.age'],
  ['weight', 'User', ['number'], 'body'],
  ['heart_rate_zones', 'User', ['array', 'integer'], 'health'],
  ['hometown', 'User', ['word'], 'location'],
  ['first_name', 'Person', ['word'], 'name'],
  ['name', 'User', ['word'], 'name'],
  ['username', 'User', ['word'], 'handle'],
])('%s of %s is %s → %s', (name, of, shapes, expected) => {
  expect(classify({ name, of, shapes })?.name).toBe(expected);
});

test.each([
  ['name', 'Ride', ['word']],
  ['title', 'User', ['text']],
  ['page_token', 'Page', ['token']],
  ['email_verified', 'User', ['true-false']],
  ['email_count', 'User', ['integer']],
  ['is_private', 'User', ['true-false']],
  ['next_address', 'Page', ['text']],
  ['phone', 'User', ['true-false']],
  ['message', 'Error', ['text']],
  ['usage', 'Account', ['integer']],
])('%s of %s is nothing personal', (name, of, shapes) => {
  expect(classify({ name, of, shapes })).toBeUndefined();
});

test.each([
  ['$2a$10$abcdefghijklmnopqrstuv', true],
  ['$argon2id$v=19$m=65536', true],
  ['pbkdf2_sha256$600000$salt$hash', true],
  ['$20 off', false],
  ['bcrypt is a hash', false],
])('%s is a password hash: %s', (text, expected) => expect(isPasswordHash(text)).toBe(expected));

test('only secrets are decided by what they are', () => {
  const decided = CLASSES.filter(({ nature }) => nature !== undefined).map(({ name }) => name);
  expect(decided).toEqual(['secret.password', 'secret.code', 'secret.token']);
});
