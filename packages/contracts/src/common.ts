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
