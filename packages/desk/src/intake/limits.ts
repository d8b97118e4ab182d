/** What is taken in. Everything beyond is refused, and never cut off silently. */
export const INTAKE_LIMITS = {
  titleChars: 200,
  textChars: 65_536,
  contactChars: 254,
  files: 5,
  fileBytes: 1_048_576,
  /** Of one request, with all its files. */
  bodyBytes: 3 * 1_048_576,
  mailBytes: 8 * 1_048_576,
  /** Deepest nesting of a JSON document. */
  jsonDepth: 64,
  proofRequests: 200,
} as const;
