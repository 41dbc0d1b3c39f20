import { makeValidator } from 'envalid';
import ipaddr from 'ipaddr.js';

/** An absolute URL of one of these protocols: `url('smtp:', 'smtps:')`. */
export const url = (...protocols: string[]) =>
  makeValidator<string>((text) => {
    if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol)) {
      throw new TypeError(`not an address of ${protocols.map((protocol) => protocol.slice(0, -1)).join(', ')}`);
    }
    return text;
  });

export const httpAddress = url('http:', 'https:');
export const smtpAddress = url('smtp:', 'smtps:');
export const redisAddress = url('redis:', 'rediss:');
export const databaseAddress = url('postgres:', 'postgresql:');
export const queueAddress = url('redis:', 'rediss:', 'postgres:', 'postgresql:');

/** A whole number in decimal digits, both ends included. */
export const integer = ({ min, max = Number.MAX_SAFE_INTEGER }: { min: number; max?: number }) =>
  makeValidator<number>((text) => {
    const value = Number(text);
    if (!/^\d{1,16}$/.test(text) || value < min || value > max) {
      throw new TypeError(`not a whole number from ${min} ${max === Number.MAX_SAFE_INTEGER ? 'on' : `to ${max}`}`);
    }
    return value;
  });

export const count = integer({ min: 1 });
export const hour = integer({ min: 0, max: 23 });

/** Items by comma, at least one. */
export const listOf = (isItem: (item: string) => boolean, what: string) =>
  makeValidator<readonly string[]>((text) => {
    const items = text.split(',').map((item) => item.trim());
    if (!items.every(isItem)) throw new TypeError(`not a list of ${what}`);
    return items;
  });

const isNetwork = (text: string): boolean =>
  ['loopback', 'linklocal', 'uniquelocal'].includes(text) ||
  ipaddr.IPv4.isValidFourPartDecimal(text) ||
  ipaddr.IPv6.isValid(text) ||
  ipaddr.isValidCIDR(text);

/** Addresses, networks (`10.0.0.0/8`) and the names that Fastify's `trustProxy` knows, by comma. */
export const networks = listOf(isNetwork, 'networks');

/** Origins of web pages (`https://shop.example`), by comma. */
export const origins = listOf((item) => URL.canParse(item) && new URL(item).origin === item, 'origins');

export const domain = makeValidator<string>((text) => {
  if (!/^(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(text)) throw new TypeError('not a domain name');
  return text;
});

/** PEM in one line, as files of environment variables hold it: `\n` stands for a line break. */
export const pem = makeValidator<string>((text) => text.replaceAll('\\n', '\n'));

const KEY_BYTES = 32;

/** A secret of 32 bytes in base64. */
export const secretKey = makeValidator<Buffer>((text) => {
  const key = Buffer.from(text, 'base64');
  if (key.length !== KEY_BYTES || key.toString('base64') !== text) throw new TypeError('not 32 bytes in base64');
  return key;
});

/** For `devDefault` of a secret. Publicly known: with it, a service listens on loopback only (see `loadConfig`). */
export const DEVELOPMENT_KEY = Buffer.alloc(KEY_BYTES, 'known to everybody');
