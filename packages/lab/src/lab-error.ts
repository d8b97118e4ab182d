/** Everything that can go wrong in the lab itself, with what to do about it. Wire answers (401, 404, …) are not errors. */
export const LAB_ERROR_CODES = {
  'LP-LAB-STAGE': 'Name one of the stages that `leakproof lab stages` prints.',
  'LP-LAB-STAGE-FILE': 'Mend the place named; the README of the lab shows a stage in a file.',
  'LP-LAB-MEMBERS': 'Ask for a whole number of members between 100 and 20000000.',
  'LP-LAB-DATA': 'Give another --data file, or delete this one to have it built anew.',
  'LP-LAB-IDENTITY': 'Name one of the members that `leakproof lab up` prints.',
  'LP-LAB-PORT': 'Leave the port out to take any free one.',
} as const;

export type LabErrorCode = keyof typeof LAB_ERROR_CODES;

/** The lab's only error class: it imports no other room, so it brings its own. Match on `code`. */
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
