import { ADMIN_VIEW } from '../../surface/rest-projections.ts';
import { type Handler, memberInPath } from '../call.ts';
import { userEntity } from '../entities.ts';

const adminView: Handler = (call) => {
  const member = memberInPath(call);
  return member && userEntity(call, ADMIN_VIEW, member);
};

export const ADMIN_HANDLERS: Readonly<Record<string, Handler>> = { 'GET /admin/user/{id}': adminView };
