import type { ActorKind, LicenseKind } from '@smartserver/contracts';

/**
 * Which kinds of license an actor may put on a controller; asking for another one is Customer Success's to do
 * [domain.md, "Words" and "Who may do what"]. A CMS Owner activates everything but Remote CMS; a customer makes files for
 * capacity alone.
 */
export const activatableKinds = (actor: ActorKind): readonly LicenseKind[] => {
  switch (actor) {
    case 'staff':
      return ['capacity', 'maintenance', 'core', 'remote_cms'];
    case 'cms':
      return ['capacity', 'maintenance', 'core'];
    case 'customer':
      return ['capacity'];
    case 'partner_user':
    case 'api_client':
      return [];
  }
};
