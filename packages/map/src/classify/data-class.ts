/** A kind of personal data, or a secret. A field is classified by its name, and by the shape of its values where the name is not enough. */
export interface DataClass {
  /** Dotted, from the general to the particular: `contact.email`. */
  readonly name: string;
  /** In a question, in the plural or as a mass noun: `e-mail addresses`. */
  readonly label: string;
  /** Matches the words of the name of a field, in lower case with single spaces: `date of birth`. */
  readonly words: RegExp;
  /** The name is enough only in an object that is named like a person. */
  readonly ofPersonOnly?: true;
  /** The name is enough only if a value had one of these shapes. */
  readonly shapes?: readonly string[];
  /** Shapes of values that need no name. */
  readonly byShape?: readonly string[];
  /** 1 to 5: what it does to a person if a stranger has it. */
  readonly severity: number;
  /**
   * Who may see it, by what it is: a password hash is nobody's, a credential or a code is nobody's but its owner's. Undefined: it depends on the product.
   */
  readonly nature?: 'nobody' | 'self';
}
