import { z } from 'zod';

/** Claims that a gateway or mesh has verified. */
export const VerifiedSource = z.strictObject({ header: z.string(), from: z.array(z.string()).min(1) });
