import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { ActivatePage } from '../activation/ActivatePage.tsx';
import { session } from '../api/session.ts';
import { LicensePage } from '../licenses/LicensePage.tsx';
import { LicensesPage } from '../licenses/LicensesPage.tsx';
import { ReturnPage } from '../returns/ReturnPage.tsx';
import { SignInPage } from '../sign-in/SignInPage.tsx';
import { Crash } from './Crash.tsx';
import { NotFound } from './NotFound.tsx';
import { Shell } from './Shell.tsx';
import { SignedIn } from './SignedIn.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: Crash });

type SignInSearch = { next?: string };

/** Only a way within this portal: `//elsewhere` would leave it. */
const wayBack = (next: unknown): string | undefined =>
  typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : undefined;

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: ({ next }): SignInSearch => ({ next: wayBack(next) }),
  beforeLoad: async ({ search }) => {
    await session.start();
    if (session.current().status === 'signed_in') throw redirect({ to: search.next ?? '/' });
  },
  component: SignInPage,
});

/** Everything below needs a sign-in. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ location }) => {
    await session.start();
    if (session.current().status === 'signed_in') return;
    const { pathname } = location;
    throw redirect({ to: '/sign-in', search: pathname === '/' ? {} : { next: pathname } });
  },
  component: SignedIn,
});

const licenses = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  component: LicensesPage,
});

const license = createRoute({
  getParentRoute: () => signedIn,
  path: '/licenses/$licenseId',
  component: LicensePage,
});

type ActivateStep = 'target' | 'review' | 'done';
const isStep = (step: unknown): step is ActivateStep => step === 'review' || step === 'done';

const activate = createRoute({
  getParentRoute: () => signedIn,
  path: '/licenses/$licenseId/activate',
  validateSearch: ({ step }): { step?: ActivateStep } => (isStep(step) ? { step } : {}),
  component: ActivatePage,
});

const returns = createRoute({
  getParentRoute: () => signedIn,
  path: '/return',
  component: ReturnPage,
});

const routeTree = root.addChildren([signIn, signedIn.addChildren([licenses, license, activate, returns])]);

export const router = createRouter({
  routeTree,
  basepath: import.meta.env.BASE_URL,
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultErrorComponent: Crash,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
