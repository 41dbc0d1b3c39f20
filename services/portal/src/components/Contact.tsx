const EMAIL = /[^\s<>@]+@[^\s<>@]+\.[^\s<>@.,;]+/;

/** Whom to ask. What looks like an e-mail address or a web address can be followed. */
export function Contact({ contact }: { contact: string }) {
  const email = EMAIL.exec(contact)?.[0];
  if (email !== undefined) {
    const [before, after] = contact.split(email);
    return (
      <span>
        {before}
        <a href={`mailto:${email}`}>{email}</a>
        {after}
      </span>
    );
  }
  if (/^https:\/\/\S+$/.test(contact)) return <a href={contact}>{contact}</a>;
  return <span>{contact}</span>;
}
