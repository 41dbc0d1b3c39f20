import type { Tenant } from '@smartserver/service-kit';
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { NotificationTables } from './db.ts';

/**
 * THE tenant filter of this service: every query of the API goes through it. Staff sees everything, a partner its own
 * accounts, a CMS Owner the account of the session; whoever else comes sees nothing. [guarantees.md 22]
 */
export const visibleTo =
  (tenant: Tenant) =>
  (eb: ExpressionBuilder<NotificationTables, 'emails'>): Expression<SqlBool> => {
    switch (tenant.kind) {
      case 'everything':
        return sql<boolean>`true`;
      case 'partner':
        return eb('emails.partner_id', '=', tenant.partnerId);
      case 'controller':
        return eb('emails.customer_id', '=', tenant.customerId);
      default:
        return sql<boolean>`false`;
    }
  };
