import { z } from 'zod';
import { Duration } from '../../read/duration.ts';

/** A caller that the origin names: it is asked with the caller's own credential. */
export const UserinfoSource = z.strictObject({
  by: z
    .string()
    .regex(/^GET \/[^\s#]*$/, 'Write GET and a path, such as "GET /me".')
    .meta({ description: '"GET /path" at the server that the request is for; its answer is JSON about the caller.' }),
  id: z.string().min(1).meta({ description: 'Where the id stands in the answer: data.username' }),
  from: z
    .array(
      z.string().regex(/^(authorization|(cookie|header):\S+)$/, 'Write authorization, cookie:NAME or header:NAME.'),
    )
    .min(1)
    .meta({ description: 'The credentials that it is asked with: authorization, cookie:NAME, header:NAME.' }),
  cache: Duration.optional().meta({ description: 'How long an answer holds. Default: 5s, at most 60s.' }),
  refused: z
    .array(z.int().min(300).max(499))
    .min(1)
    .optional()
    .meta({ description: 'Statuses of the answer that mean that the credential is not valid. Default: 401, 403.' }),
});
