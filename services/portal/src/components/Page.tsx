import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from './Icon.tsx';

/** The page that the browser has loaded starts at its top; each further one is announced by its heading. */
let first = true;

type PageProps = {
  title: string;
  /** Small line above the title. */
  above?: ReactNode;
  narrow?: boolean;
  children: ReactNode;
};

/** One page: its title in the tab, and the focus on its heading when it comes up, so that a screen reader says where one is. */
export function Page({ title, above, narrow = false, children }: PageProps) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`;
  }, [title, t]);
  useEffect(() => {
    // Where the page is scrolled to is the router's: the top, or on the way back where it was.
    if (!first) heading.current?.focus({ preventScroll: true });
    first = false;
  }, []);
  return (
    <div className={narrow ? 'page narrow' : 'page'}>
      {above}
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </div>
  );
}

export function BackLink({
  to,
  params,
  children,
}: {
  to: string;
  params?: Record<string, string>;
  children: ReactNode;
}) {
  return (
    <p className="back">
      <Link to={to} params={params ?? {}}>
        <Icon name="back" />
        {children}
      </Link>
    </p>
  );
}
