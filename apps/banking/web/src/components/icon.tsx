/** Line icons on a grid of 20, drawn for this page. They say nothing to a screen reader: the text beside them does. */
const PATHS = {
  home: 'M3.5 9 10 3.5 16.5 9v7.5h-4.25V12h-4.5v4.5H3.5z',
  send: 'M4 10h11.5M11 5.5 15.5 10 11 14.5',
  split: 'M4 10h4l4-5h4M8 10l4 5h4M14 3l2 2-2 2M14 13l2 2-2 2',
  repeat: 'M4 9V8a3 3 0 0 1 3-3h8.5M13 2.5 15.5 5 13 7.5M16 11v1a3 3 0 0 1-3 3H4.5M7 17.5 4.5 15 7 12.5',
  people:
    'M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 16.5c0-3 2-4.5 5-4.5s5 1.5 5 4.5M13 3.8a3 3 0 0 1 0 5.4M14.5 12.3c2 .5 3 2 3 4.2',
  events: 'M4 5.5h12M4 10h8M4 14.5h10',
  layers: 'm10 3 7 3.75L10 10.5 3 6.75zM3.5 10.25 10 13.75l6.5-3.5M3.5 13.5 10 17l6.5-3.5',
  bolt: 'M11 2.5 4.5 11.5h5l-.5 6 6.5-9h-5z',
  sun: 'M10 13.25a3.25 3.25 0 1 0 0-6.5 3.25 3.25 0 0 0 0 6.5zM10 2.5v1.25M10 16.25v1.25M2.5 10h1.25M16.25 10h1.25M4.7 4.7l.9.9M14.4 14.4l.9.9M4.7 15.3l.9-.9M14.4 5.6l.9-.9',
  moon: 'M16 11.8A6.5 6.5 0 0 1 8.2 4a6.5 6.5 0 1 0 7.8 7.8z',
  screen: 'M3 4.5h14v9H3zM7.5 16.5h5M10 13.5v3',
  exit: 'M8 3.5H4v13h4M8.5 10h8M13.5 7l3 3-3 3',
  plus: 'M10 4.5v11M4.5 10h11',
  minus: 'M4.5 10h11',
  close: 'm5.5 5.5 9 9M14.5 5.5l-9 9',
  check: 'm4.5 10.5 3.5 3.5 7.5-8',
  warn: 'M10 3 2.5 16h15zM10 8v3.75M10 13.9v.1',
  info: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 9.25v4M10 6.6v.1',
  search: 'M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13 13l4 4',
  previous: 'm12 5-5 5 5 5',
  next: 'm8 5 5 5-5 5',
  play: 'M6.5 4.5v11l9-5.5z',
  pause: 'M7 5v10M13 5v10',
  print: 'M6 7.5v-4h8v4M6 13.5H3.5v-6h13v6H14M6 11.5h8v5H6z',
  snow: 'M10 3v14M4 6.5l12 7M16 6.5l-12 7',
  tree: 'M4 3.5v10a1.5 1.5 0 0 0 1.5 1.5H10M4 8h6M10 5.5h6v5h-6zM10 12.5h6v5h-6z',
  in: 'M14.5 5.5l-9 9M5.5 8v6.5H12',
  out: 'M5.5 14.5l9-9M8 5.5h6.5V12',
  clock: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4l2.5 2.5',
  gift: 'M3.5 7h13v3h-13zM4.5 10v6.5h11V10M10 7v9.5M10 7C8 7 6.5 6 6.5 4.75S9.5 3.5 10 7c.5-3.5 3.5-3.5 3.5-2.25S12 7 10 7',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
