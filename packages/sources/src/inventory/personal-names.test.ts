import { expect, test } from 'vitest';
import { looksPersonal } from './personal-names.ts';

test.each([
  '/email',
  '/users/*/password',
  '/data/passwordHash',
  '/home_address',
  '/dateOfBirth',
  '/user/birth-date',
  '/lat',
  '/firstName',
  '/display_name',
  '/user/name',
  '/customers/*/name',
  '/creditCardNumber',
  '/account_number',
  '/ip_address',
  '/access_token',
  '/apiKey',
  '/phones/*',
])('%s looks personal', (pointer) => expect(looksPersonal(pointer)).toBe(true));

test.each([
  '',
  '/id',
  '/name',
  '/pets/*/name',
  '/page',
  '/next_token',
  '/nextPageToken',
  '/total',
  '/average',
  '/created_at',
  '/image/height',
  '/message',
  '/passed',
  '/file_name',
  '/encryption',
])('%j does not', (pointer) => expect(looksPersonal(pointer)).toBe(false));
