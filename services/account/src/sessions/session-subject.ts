/** Whose session it is. What it may do is looked up anew at each refresh. */
export type SessionSubject =
  | { kind: 'user'; userId: string }
  /** Signed in with a License ID: as long as the license stays with this customer. */
  | { kind: 'license'; licenseId: string; customerId: string }
  /** Signed in with a code that was e-mailed to an address: as long as an account lists it as a contact. */
  | { kind: 'address'; emailKey: string };
