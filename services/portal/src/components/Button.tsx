import { createLink, type LinkComponent } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, ReactNode, Ref } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button';
import { Icon, type IconName } from './Icon.tsx';

export type Weight = 'primary' | 'secondary' | 'quiet';

type ButtonProps = Omit<AriaButtonProps, 'children' | 'className'> & {
  weight?: Weight;
  icon?: IconName;
  /** Said instead of `children` while it works. The button keeps the focus and does nothing then. */
  pendingText?: string;
  children: ReactNode;
};

export function Button({ weight = 'secondary', icon, pendingText, children, ...props }: ButtonProps) {
  return (
    <AriaButton {...props} className={`button ${weight}`}>
      {({ isPending }) => (
        <>
          {isPending ? <span className="spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
          <span>{isPending && pendingText ? pendingText : children}</span>
        </>
      )}
    </AriaButton>
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
