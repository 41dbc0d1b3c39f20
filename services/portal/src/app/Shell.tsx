import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { session } from '../api/session.ts';
import { Button } from '../components/Button.tsx';
import { changeLanguage } from '../i18n/index.ts';
import { LANGUAGES } from '../i18n/languages.ts';
import { type Appearance, changeAppearance, useAppearance } from './appearance.ts';
import { queryClient } from './query-client.ts';

const onlineChanges = (listener: () => void) => {
  for (const event of ['online', 'offline']) window.addEventListener(event, listener);
  return () => {
    for (const event of ['online', 'offline']) window.removeEventListener(event, listener);
  };
};

function OfflineBanner() {
  const { t } = useTranslation();
  const online = useSyncExternalStore(onlineChanges, () => navigator.onLine);
  return (
    <p role="status" className={online ? 'unseen' : 'offline-banner'}>
      {online ? '' : t('app.offline')}
    </p>
  );
}

function Header() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { status } = useSyncExternalStore(session.subscribe, session.current);
  // A license, and the file made for it, belong to the licenses.
  const returning = useRouterState({ select: ({ location }) => location.pathname.startsWith('/return') });
  const signOut = async () => {
    await session.signOut();
    queryClient.clear();
    await navigate({ to: '/sign-in' });
  };
  return (
    <header className="top">
      <div className="top-row">
        <Link to="/" className="brand">
          <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" width="30" height="30" />
          <span>{t('app.name')}</span>
        </Link>
        {status === 'signed_in' && (
          <>
            <nav aria-label={t('app.navigation')}>
              <Link to="/" className="tab" data-here={!returning}>
                {t('app.licenses')}
              </Link>
              <Link to="/return" className="tab" data-here={returning}>
                {t('app.returns')}
              </Link>
            </nav>
            <Button weight="quiet" icon="out" onPress={() => void signOut()}>
              {t('app.signOut')}
            </Button>
          </>
        )}
      </div>
    </header>
  );
}

function Footer() {
  const { t, i18n } = useTranslation();
  const appearance = useAppearance();
  return (
    <footer className="bottom">
      <div className="bottom-row">
        <label>
          {t('app.language')}
          <select value={i18n.language} onChange={({ target }) => void changeLanguage(target.value)}>
            {Object.entries(LANGUAGES).map(([language, name]) => (
              <option key={language} value={language} lang={language}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('app.appearance')}
          <select value={appearance} onChange={({ target }) => changeAppearance(target.value as Appearance)}>
            <option value="system">{t('app.appearanceSystem')}</option>
            <option value="light">{t('app.appearanceLight')}</option>
            <option value="dark">{t('app.appearanceDark')}</option>
          </select>
        </label>
        <a href="/docs">{t('app.api')}</a>
      </div>
    </footer>
  );
}

/** Frame of every page. */
export function Shell() {
  const { t } = useTranslation();
  return (
    <>
      <a className="skip" href="#content">
        {t('app.skip')}
      </a>
      <Header />
      <OfflineBanner />
      <main id="content" tabIndex={-1}>
        <Outlet />
      </main>
      <Footer />
    </>
  );
}
