import { groupsOf, lookalikes, readInstallCode } from './install-code.ts';

describe('an install code', () => {
  test.each([
    '0302E1C2A8F40011',
    '0302e1c2a8f40011',
    ' 0302 E1C2 A8F4 0011 ',
    '0302:E1C2:A8F4:0011',
    'Install Code: 0302E1C2A8F40011',
    'install code=0302e1c2 a8f40011',
    'Installationscode: 0302 E1C2 A8F4 0011',
    '0302E1C2A8F40011\u200b\n',
  ])('is read from %p', (text) => {
    expect(readInstallCode(text)).toEqual({ code: '0302E1C2A8F40011' });
  });

  test('keeps its hyphens, whichever kind a text program has made of them', () => {
    expect(readInstallCode('ab12\u2013cd34')).toEqual({ code: 'AB12-CD34' });
  });

  test.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['Install code:', 'empty'],
    ['0302E1C', 'too_short'],
    ['A'.repeat(65), 'too_long'],
    ['0302E1C2A8F4001Ü', 'wrong_character'],
    ['0302_E1C2', 'wrong_character'],
    ['<script>', 'wrong_character'],
  ])('%p is refused as %s', (text, fault) => {
    expect(readInstallCode(text)).toEqual({ fault });
  });

  test('whatever is read is what the API takes', () => {
    for (const text of ['12345678', 'A'.repeat(64), 'a-b-c-d-e']) {
      const reading = readInstallCode(text);
      expect('code' in reading && reading.code).toMatch(/^[A-Za-z0-9-]{8,64}$/);
    }
  });

  test('letters that look like digits are noticed where all else is hexadecimal', () => {
    expect(lookalikes('O302E1C2A8F4OOLI')).toEqual(['O', 'L', 'I']);
    expect(lookalikes('0302E1C2A8F40011')).toEqual([]);
    expect(lookalikes('SMART-OIL-2000')).toEqual([]);
  });

  test('is shown in groups of four, unless it has its own', () => {
    expect(groupsOf('0302E1C2A8F400')).toEqual(['0302', 'E1C2', 'A8F4', '00']);
    expect(groupsOf('AB12-CD34')).toEqual(['AB12-CD34']);
  });
});
