declare module '@secvisogram/csaf-validator-lib/validate.js' {
  export default function validate(
    tests: readonly unknown[],
    document: unknown,
  ): Promise<{
    readonly isValid: boolean;
    readonly tests: readonly {
      readonly name: string;
      readonly isValid: boolean;
      readonly errors: readonly unknown[];
    }[];
  }>;
}
declare module '@secvisogram/csaf-validator-lib/basic.js' {
  export const csaf_2_0_strict: unknown;
}
