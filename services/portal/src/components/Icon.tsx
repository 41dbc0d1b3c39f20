const PATHS = {
  check: 'M4 10.5l4 4 8-9',
  ring: 'M10 3.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z',
  clock: 'M10 3a7 7 0 1 0 0 14a7 7 0 1 0 0-14zM10 6v4.2l2.8 1.8',
  warning: 'M10 3.2l7.3 13.3H2.7zM10 8v4M10 14.3v.2',
  stop: 'M6.8 2.8h6.4l4 4v6.4l-4 4H6.8l-4-4V6.8zM7 10h6',
  cross: 'M5 5l10 10M15 5L5 15',
  copy: 'M7 7h9v9H7zM13 7V4H4v9h3',
  download: 'M10 3v10M5.5 9L10 13.3 14.5 9M3.5 16.5h13',
  upload: 'M10 14V4M5.5 8L10 3.7 14.5 8M3.5 16.5h13',
  back: 'M12.5 4.5L7 10l5.5 5.5',
  next: 'M7.5 4.5L13 10l-5.5 5.5',
  cloud: 'M6 15.5a3.7 3.7 0 0 1-.4-7.4a4.6 4.6 0 0 1 8.9 1a3.2 3.2 0 0 1-.2 6.4z',
  server: 'M3 5.5h14v9H3zM6 12v-.1M9 12v-.1M6 8.5h8',
  out: 'M8 3.5H4v13h4M8 10h8.5M13 6.3l3.6 3.7-3.6 3.7',
} as const;

export type IconName = keyof typeof PATHS;

/** Beside words that say the same: never read aloud. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
