export type TimeStyle = 'moment' | 'day' | 'clock' | 'time';

/** A point in time: machines read the exact one, people theirs. */
export function When({ at, as = 'moment' }: { readonly at: string; readonly as?: TimeStyle }) {
  return (
    <time dateTime={at} title={at}>
      {formatTime(at, as)}
    </time>
  );
}

export function formatTime(at: string | number, as: TimeStyle = 'moment'): string {
  return FORMATS[as].format(new Date(at));
}

const FORMATS = {
  moment: new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }),
  day: new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' }),
  clock: new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' }),
  time: new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' }),
};
