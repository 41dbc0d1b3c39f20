declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** UUIDv4 of a partner. */
export type PartnerId = Branded<'PartnerId'>;
/** Customer ID: UUIDv4 of a customer licensing account (customer/project). */
export type CustomerId = Branded<'CustomerId'>;
/** License ID: UUIDv4 of one license. */
export type LicenseId = Branded<'LicenseId'>;
/** Install code of a SmartServer, upper case, as printed on its label. */
export type InstallCode = Branded<'InstallCode'>;

/** The casts at the edge: input was validated by the OpenAPI document before it reaches one of these. */
export const asPartnerId = (text: string): PartnerId => text as PartnerId;
export const asCustomerId = (text: string): CustomerId => text as CustomerId;
export const asLicenseId = (text: string): LicenseId => text as LicenseId;
/** Labels are typed by people: case does not count. */
export const asInstallCode = (text: string): InstallCode => text.toUpperCase() as InstallCode;
