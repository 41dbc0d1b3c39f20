import { createLink, type LinkComponent } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, ReactNode, Ref } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button';
import { useTranslation } from 'react-i18next';
import { Icon, type IconName } from './Icon.tsx';

type Weight = 'primary' | 'secondary' | 'quiet';

type ButtonProps = Omit<AriaButtonProps, 'children' | 'className' | 'isPending'> & {
  weight?: Weight;
  icon?: IconName;
  /** At work: it keeps the focus, does nothing, and says so. */
  isPending?: boolean;
  /** Said instead of `children` while it works. */
  pendingText?: string;
  children: ReactNode;
};

/**
 * React Aria's own pending state is not used: its announcement leaves an empty image behind, which a screen reader comes across.
 */
export function Button({ weight, icon, isPending = false, pendingText, children, ...props }: ButtonProps) {
  const { t } = useTranslation();
  const { type, onPress, ...others } = props;
  const working = pendingText ?? t('app.working');
  return (
    <>
      <AriaButton
        {...others}
        type={isPending ? 'button' : type}
        onPress={isPending ? undefined : onPress}
        className={`button ${weight ?? 'secondary'}`}
        data-pending={isPending || undefined}
      >
        {isPending ? <span className="spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
        <span>{isPending ? working : children}</span>
      </AriaButton>
      <span role="status" className="unseen">
        {isPending ? working : ''}
      </span>
    </>
  );
}

type AnchorProps = AnchorHTMLAttributes<HTMLAnchorElement> & {
  ref?: Ref<HTMLAnchorElement>;
  weight?: Weight;
  icon?: IconName;
};

function Anchor({ weight = 'secondary', icon, children, ...props }: AnchorProps) {
  return (
    <a {...props} className={`button ${weight}`}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </a>
  );
}

const Created = createLink(Anchor);

/** Goes to another page, and looks like a button. */
export const ButtonLink: LinkComponent<typeof Anchor> = (props) => <Created preload="intent" {...props} />;
