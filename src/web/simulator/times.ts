/** Times as the service writes them in its messages: Bamako's. */
const CLOCK = new Intl.DateTimeFormat('und', {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZone: 'Africa/Bamako',
});

/** `14:02` */
export const clock = (at: Date): string => CLOCK.format(at);

/** `0:07` */
export function minutes(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
