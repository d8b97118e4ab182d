/** Errors of the lab itself, each with its fix. HTTP responses (401, 404, …) are not errors. */
export const LAB_ERROR_CODES = {
  'LP-LAB-STAGE': 'Use one of the stages that `leakproof lab stages` prints.',
  'LP-LAB-STAGE-FILE': 'Correct the place named in the message; the README of the lab shows a stage file.',
  'LP-LAB-MEMBERS': 'Use a whole number of members from 100 to 20000000.',
  'LP-LAB-DATA': 'Use another --data file, or delete this one; it is then built again.',
  'LP-LAB-IDENTITY': 'Use one of the usernames that `leakproof lab up` prints.',
  'LP-LAB-PORT': 'Omit the port to use any free one.',
} as const;

export type LabErrorCode = keyof typeof LAB_ERROR_CODES;

/** The lab's only error class; it has its own because it imports no other package. Match on `code`. */
export class LabError extends Error {
  readonly code: LabErrorCode;
  readonly fix: string;
  constructor(code: LabErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'LabError';
    this.code = code;
    this.fix = LAB_ERROR_CODES[code];
  }
}
