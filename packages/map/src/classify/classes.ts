import type { DataClass } from './data-class.ts';

/** `words` between spaces or ends, also in the plural. */
const any = (words: string): RegExp => new RegExp(`(?:^| )(?:${words})(?:e?s)?(?: |$)`);

/** The classes in order: the first that fits is taken. */
export const CLASSES: readonly DataClass[] = [
  {
    name: 'secret.password',
    label: 'passwords and their hashes',
    words: any('password|passwd|pwd|passphrase|passcode|passhash|pass hash'),
    byShape: ['password-hash'],
    severity: 5,
    nature: 'nobody',
  },
  {
    name: 'secret.code',
    label: 'one-time codes and PINs',
    words: any(
      'otp|otp secret|totp|totp secret|two factor secret|mfa secret|pin|pin code|recovery code|security answer',
    ),
    severity: 5,
    nature: 'self',
  },
  {
    name: 'secret.token',
    label: 'credentials',
    words: any(
      'access token|refresh token|auth token|api token|session token|api key|apikey|private key|secret key|client secret|bearer token|reset token|jwt',
    ),
    byShape: ['jwt'],
    severity: 5,
    nature: 'self',
  },
  {
    name: 'government.id',
    label: 'numbers of identity documents',
    words: any(
      'ssn|social security number|passport|passport number|national id|tax id|driving licen[cs]e|identity number',
    ),
    severity: 5,
  },
  {
    name: 'financial',
    label: 'payment and income data',
    words: any(
      'iban|bic|card number|card expires at|card last four|cvv|cvc|account number|account no|salary|income|credit card|balance|bank account',
    ),
    severity: 4,
  },
  {
    name: 'health',
    label: 'health data',
    words: any(
      'health|diagnosis|diagnose|medical|medication|disease|disability|blood|blood type|heart rate|max heart rate|heart rate zone|pregnan[ct]y?|allerg(?:y|ie)',
    ),
    severity: 5,
  },
  { name: 'body', label: 'weight and height', words: any('weight|height|bmi|body fat'), severity: 4 },
  {
    name: 'contact.email',
    label: 'e-mail addresses',
    words: any('email|e mail|mail|mail address|email address'),
    byShape: ['email'],
    severity: 4,
  },
  {
    name: 'contact.phone',
    label: 'phone numbers',
    words: any('phone|phone number|telephone|mobile|mobile number|msisdn|cell'),
    byShape: ['phone'],
    severity: 4,
  },
  {
    name: 'location.address',
    label: 'addresses',
    words: any('address|street|zip|zip code|zipcode|postcode|postal code|postal'),
    severity: 4,
  },
  {
    name: 'location',
    label: 'places',
    words: any('location|city|town|hometown|latitude|longitude|lat|lng|lon|gps|coordinate|geo|timezone'),
    severity: 3,
  },
  { name: 'network.ip', label: 'IP addresses', words: any('ip|ip address|last ip'), byShape: ['ip'], severity: 3 },
  {
    name: 'demographic.birth',
    label: 'birthdays',
    words: any('birthday|birthdate|birth|dob|date of birth|birth date|year of birth'),
    severity: 4,
  },
  { name: 'demographic.age', label: 'ages', words: any('age|age range|age group'), severity: 3 },
  { name: 'demographic.gender', label: 'genders', words: any('gender|sex|pronoun'), severity: 3 },
  {
    name: 'demographic',
    label: 'ethnicity, religion and nationality',
    words: any('ethnicity|religion|nationality|marital status|political'),
    severity: 5,
  },
  {
    name: 'name',
    label: 'names of people',
    words: any(
      '(?:first|last|full|given|family|middle|maiden|real|legal) name|firstname|lastname|fullname|surname|forename',
    ),
    severity: 3,
  },
  { name: 'name', label: 'names of people', words: /^name$/, ofPersonOnly: true, severity: 3 },
  {
    name: 'handle',
    label: 'user names',
    words: any('username|user name|nickname|nick|display name|screen name|login|handle'),
    severity: 2,
  },
  {
    name: 'account.foreign',
    label: 'accounts with other services',
    words: any('(?:facebook|google|twitter|strava|fitbit|github|apple|linkedin|instagram|device) id|paired device'),
    severity: 3,
  },
  { name: 'picture', label: 'pictures of people', words: any('avatar|photo|portrait|profile image'), severity: 2 },
];
