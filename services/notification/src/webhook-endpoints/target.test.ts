import { addressFault, urlFault } from './target.ts';

const strict = { allowInsecure: false };
const loose = { allowInsecure: true };

/** Every way to write an address that must not be reached. */
const REFUSED_ADDRESSES = [
  ['this host', '0.0.0.0'],
  ['loopback', '127.0.0.1'],
  ['all of loopback', '127.255.255.254'],
  ['private, 10/8', '10.1.2.3'],
  ['private, 172.16/12', '172.31.255.255'],
  ['private, 192.168/16', '192.168.0.1'],
  ['link-local, metadata of clouds', '169.254.169.254'],
  ['a carrier’s NAT, metadata of Alibaba', '100.100.100.200'],
  ['metadata of Azure', '168.63.129.16'],
  ['metadata of Oracle', '192.0.0.192'],
  ['benchmarking', '198.18.0.1'],
  ['documentation', '203.0.113.7'],
  ['multicast', '224.0.0.1'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['6to4 relays', '192.88.99.1'],
  ['IPv6 unspecified', '::'],
  ['IPv6 loopback', '::1'],
  ['IPv6 link-local', 'fe80::1'],
  ['IPv6 link-local with a zone', 'fe80::1%eth0'],
  ['IPv6 unique local, metadata of AWS', 'fd00:ec2::254'],
  ['IPv6 site-local', 'fec0::1'],
  ['IPv6 multicast', 'ff02::1'],
  ['IPv4-mapped', '::ffff:127.0.0.1'],
  ['IPv4-mapped, even of a public address', '::ffff:8.8.8.8'],
  ['IPv4-mapped in hexadecimal', '::ffff:7f00:1'],
  ['IPv4-compatible', '::7f00:1'],
  ['IPv4-translated', '::ffff:0:127.0.0.1'],
  ['NAT64', '64:ff9b::7f00:1'],
  ['NAT64, local use', '64:ff9b:1::7f00:1'],
  ['6to4', '2002:7f00:1::'],
  ['Teredo', '2001:0:7f00:1::'],
  ['IPv6 documentation', '2001:db8::1'],
  ['IPv6 discard only', '100::1'],
  ['no address', 'integrator.example'],
] as const;

test.each(REFUSED_ADDRESSES)('no webhook goes to %s: %s', (_what, address) => {
  expect(addressFault(address, strict)).not.toBeNull();
});

test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450:4001::1'])(
  '%s is public',
  (address) => {
    expect(addressFault(address, strict)).toBeNull();
  },
);

test('where insecure targets are allowed, loopback is, and nothing else that is not public', () => {
  expect([addressFault('127.0.0.1', loose), addressFault('::1', loose)]).toEqual([null, null]);
  for (const [, address] of REFUSED_ADDRESSES.filter(([what]) => !what.includes('loopback')))
    expect(addressFault(address, loose)).not.toBeNull();
});

test.each([
  'https://127.0.0.1/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0177.0.0.1/',
  'https://127.1/',
  'https://0/',
  'https://127.0.0.1./',
  'https://１２７.0.0.1/',
  'https://[::1]/',
  'https://[::127.0.0.1]/',
  'https://[::ffff:10.0.0.1]/',
  'https://[fe80::1]/',
  'https://10.0.0.1:8443/',
  'https://localhost/',
  'https://localhost./',
  'https://LOCALHOST/',
  'https://foo.localhost/',
  'https://printer.local/',
  'https://metadata.google.internal/computeMetadata/v1/',
  'https://router.home.arpa/',
  'https://intranet/',
  'http://integrator.example/',
  'ftp://integrator.example/',
  'file:///etc/passwd',
  'https://user:password@integrator.example/',
  'https://integrator.example:22/',
  'https://integrator.example:25/',
  'https://integrator.example:80/',
  'https://',
  'integrator.example',
])('%s is refused without asking DNS', (url) => {
  expect(urlFault(url, strict)).not.toBeNull();
});

test.each(['https://integrator.example/hooks?key=1', 'https://integrator.example:8443/', 'https://8.8.8.8/'])(
  '%s is not',
  (url) => {
    expect(urlFault(url, strict)).toBeNull();
  },
);

test('http and this machine are for development, and never private networks', () => {
  for (const url of [
    'http://localhost:3000/',
    'http://127.0.0.1:8080/hooks',
    'http://[::1]:8080/',
    'http://integrator.example/',
  ])
    expect(urlFault(url, loose)).toBeNull();
  for (const url of [
    'http://10.0.0.1:8080/',
    'http://169.254.169.254/',
    'http://[::ffff:127.0.0.1]:8080/',
    'http://127.0.0.1:22/',
  ])
    expect(urlFault(url, loose)).not.toBeNull();
});
