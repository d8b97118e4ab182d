/**
 * Words of field names that usually mean data about a person or a credential. Only names are compared: a field may be something else,
 * and a field with another name may be personal.
 */
const PERSONAL = new Set(
  (
    'email mail phone telephone mobile msisdn address street zip zipcode postcode postal city location latitude longitude lat lng lon ' +
    'gps birthday birthdate birth dob age gender sex ethnicity religion nationality health diagnosis medical medication disease ' +
    'disability blood weight passport ssn iban salary income card cvv ip username nickname surname firstname lastname fullname ' +
    'forename avatar photo signature password passwd pwd passcode passphrase secret token apikey otp pin credential credentials'
  ).split(' '),
);
/** Two words, of which neither alone is enough. */
const PAIRS =
  /(?:^| )(?:(?:first|last|full|given|family|middle|maiden|display|real|user|nick|legal) name|account (?:number|no)|api key|private key|tax id|national id|device id|driving licen[cs]e)(?: |$)/;
const PERSON =
  /(?:^| )(?:user|owner|author|customer|person|member|patient|employee|contact|student|guest|client|profile)s?(?: |$)/;
/** Words that make a word of the list something else: a page token, the hash of a commit. */
const NOT_PERSONAL =
  /(?:^| )(?:page|next|prev|previous|cursor|continuation|csrf|count|total|max|min|limit|file|content|cache) /;

/** Whether the field at a pointer looks personal by its name; `name` only inside an object that is named like a person. */
export function looksPersonal(pointer: string): boolean {
  const steps = pointer.split('/').filter((step) => step !== '' && step !== '*');
  const name = wordsOf(steps.at(-1) ?? '');
  if (NOT_PERSONAL.test(`${name} `)) return false;
  if (PAIRS.test(name) || name.split(' ').some(isPersonal)) return true;
  return name === 'name' && PERSON.test(wordsOf(steps.at(-2) ?? ''));
}

/** Also in the plural. */
const isPersonal = (word: string): boolean =>
  PERSONAL.has(word) || PERSONAL.has(word.replace(/s$/, '')) || PERSONAL.has(word.replace(/es$/, ''));

/** `dateOfBirth`, `date_of_birth` and `date-of-birth` → `date of birth`. */
function wordsOf(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .toLowerCase();
}
