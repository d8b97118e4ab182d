import { z } from 'zod';

export const Duration = z
  .string()
  .regex(
    /^[0-9]{1,7}(ms|s|m|h|d)$/,
    'A duration is a number of at most seven digits with ms, s, m, h or d, such as "5s".',
  )
  .meta({ description: 'A number of at most seven digits with its unit: ms, s, m, h, d.' });
