export interface PartnersTable {
  partner_id: string;
  name: string;
  version: number;
}
