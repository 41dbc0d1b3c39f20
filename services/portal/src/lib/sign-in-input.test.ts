import { digitsOf, readSignInInput } from './sign-in-input.ts';

const LICENSE_ID = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';

describe('what is typed to sign in', () => {
  test.each([
    LICENSE_ID,
    LICENSE_ID.toUpperCase(),
    ` {${LICENSE_ID}} `,
    LICENSE_ID.replaceAll('-', ''),
    `License ID: ${LICENSE_ID}`,
    LICENSE_ID.replace('-', ' -\n'),
  ])('%p is a License ID', (text) => {
    expect(readSignInInput(text)).toEqual({ kind: 'license', licenseId: LICENSE_ID });
  });

  test.each([
    'facility@building.example',
    ' facility@building.example\n',
    'Facility <facility@building.example>',
    'mailto:facility@building.example',
  ])('%p is an e-mail address', (text) => {
    expect(readSignInInput(text)).toEqual({ kind: 'email', email: 'facility@building.example' });
  });

  test.each([
    ['', 'empty'],
    ['3f2504e0-4f89', 'license_incomplete'],
    ['facility@building', 'email_incomplete'],
    ['@building.example', 'email_incomplete'],
    [`${'a'.repeat(250)}@b.example`, 'email_incomplete'],
    ['facility', 'unknown'],
    ['P2022-0208', 'unknown'],
  ])('%p is refused as %s', (text, fault) => {
    expect(readSignInInput(text)).toEqual({ kind: 'fault', fault });
  });
});

test.each([
  ['123456', '123456'],
  ['123 456', '123456'],
  ['123-456', '123456'],
  ['Your code is 123456.', '123456'],
  ['Code: 123456, valid until 12:10', '123456'],
  ['12a3', '123'],
  ['1234567', '123456'],
  ['', ''],
])('the code in %p is %p', (text, digits) => {
  expect(digitsOf(text)).toBe(digits);
});
