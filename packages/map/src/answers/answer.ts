/** What a person said about one resource, or about one class of its fields. */
export interface Answer {
  /** `User`, `User.contact`, `User.weight`: a resource, then nothing, a class or a field. */
  readonly about: string;
  /** Relations: anyone, member, self, nobody, colleague, or a field that tells the caller's relation to the owner. */
  readonly see: readonly string[];
  readonly narrow?: {
    /** A field with a flag; with `not`, while it is false. */
    readonly flag: string;
    readonly not: boolean;
    readonly to: readonly string[];
  };
}
