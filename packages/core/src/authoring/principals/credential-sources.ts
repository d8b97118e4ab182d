import type { Identity } from '../../contract/identity.ts';

/** Where credentials of this kind stand in a request, as they are named in messages. */
export function credentialSources(by: Identity): readonly string[] {
  switch (by.how) {
    case 'jwt':
      return ['The header authorization'];
    case 'verified':
      return [`The header ${by.header}`];
    case 'userinfo':
      return by.from.map((place) => `The ${place.in} ${place.name}`);
    case 'api-key':
      return [by.in === 'header' ? `The header ${by.name}` : `The query parameter ${by.name}`];
  }
}
