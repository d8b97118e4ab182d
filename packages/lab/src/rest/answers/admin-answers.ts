import { ADMIN_VIEW } from '../../surface/rest-sights.ts';
import { type Answer, memberAsked } from '../call.ts';
import { userEntity } from '../entities.ts';

const adminView: Answer = (call) => {
  const member = memberAsked(call);
  return member && userEntity(call, ADMIN_VIEW, member);
};

export const ADMIN_ANSWERS: Readonly<Record<string, Answer>> = { 'GET /admin/user/{id}': adminView };
