import { CALLER_ID } from './bodies.ts';

type Fields = Record<string, unknown>;

/** What an API could do by itself: parse, filter, serialize. It validates no shapes and records no facts. */
export function filterAndPrint(body: Buffer, operation: string): Buffer {
  const parsed = JSON.parse(body.toString()) as Fields[] | { data: Fields[] };
  const filtered = Array.isArray(parsed)
    ? parsed.map((user) => filterUser(user))
    : { ...parsed, data: parsed.data.map((workout) => filterWorkout(workout)) };
  if (operation === 'GET /users' && !Array.isArray(filtered)) throw new Error('GET /users returns a list.');
  return Buffer.from(JSON.stringify(filtered));
}

function filterUser(user: Fields): Fields {
  if (user['id'] === CALLER_ID) return user;
  const { email: _email, weight: _weight, age: _age, location: _location, ...rest } = user;
  return rest;
}

function filterWorkout(workout: Fields): Fields {
  const author = filterUser(workout['author'] as Fields);
  if (workout['user_id'] === CALLER_ID) return { ...workout, author };
  const { stats: _stats, ...rest } = workout;
  return { ...rest, author };
}
