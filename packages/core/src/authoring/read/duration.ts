import { z } from 'zod';

export const Duration = z
  .string()
  .regex(/^[0-9]+(ms|s|m|h|d)$/, 'A duration is a number with ms, s, m, h or d, such as "5s".')
  .meta({ description: 'A number with its unit: ms, s, m, h, d.' });
