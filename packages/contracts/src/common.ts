/**
 * UUID, RFC 9562.
 * @format uuid
 */
export type Uuid = string;

/**
 * Instant, RFC 3339, UTC.
 * @format date-time
 */
export type Instant = string;

/**
 * Install code of a SmartServer, as printed on its label. Case does not count.
 * @pattern ^[A-Za-z0-9-]{8,64}$
 * @example "0302E1C2A8F40011"
 */
export type InstallCodeText = string;

/**
 * Page size.
 * @isInt
 * @minimum 1
 * @maximum 200
 */
export type PageLimit = number;

/**
 * Place to go on from: `nextCursor` of the page before.
 * @maxLength 300
 * @pattern ^[A-Za-z0-9_-]+$
 */
export type PageCursor = string;

/**
 * Makes the request safe to repeat: the same key and body have one effect and get the same answer. A UUID serves well.
 * @pattern ^[!-~]{1,100}$
 * @example "6f2c1d5e-8d0a-4c3a-9f0e-0f6d2a7b9c11"
 */
export type IdempotencyKey = string;

/**
 * The `ETag` that a read gave; the edit is refused if the resource has changed since.
 * @maxLength 100
 * @example "\"3\""
 */
export type EntityTag = string;
