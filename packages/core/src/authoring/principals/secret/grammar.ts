import { z } from 'zod';

/** Where the guard reads a secret when it starts. A contract never contains one. */
export const SecretSource = z.union([
  z.strictObject({ env: z.string().min(1) }),
  z.strictObject({
    file: z.string().min(1).meta({
      description: 'A path, relative to where the guard is started. A line break at its end is not part of the secret.',
    }),
  }),
]);
