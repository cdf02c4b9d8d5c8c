/** Small drawings, in the colour of the text around them. They say nothing that words beside them do not. */
const PATHS = {
  send: 'M3.4 20.6 21.5 12 3.4 3.4l2.3 7.1 8.3 1.5-8.3 1.5z',
  microphone:
    'M12 14.5a3 3 0 0 0 3-3v-6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3zm6-3a6 6 0 0 1-5.2 5.9V20h2.7v1.7h-7V20h2.7v-2.6A6 6 0 0 1 6 11.5h1.8a4.2 4.2 0 0 0 8.4 0z',
  plus: 'M11 4.5h2V11h6.5v2H13v6.5h-2V13H4.5v-2H11z',
  more: 'M12 7.5a1.7 1.7 0 1 1 0-3.4 1.7 1.7 0 0 1 0 3.4zm0 6.2a1.7 1.7 0 1 1 0-3.4 1.7 1.7 0 0 1 0 3.4zm0 6.2a1.7 1.7 0 1 1 0-3.4 1.7 1.7 0 0 1 0 3.4z',
  play: 'M8 5.2v13.6L19 12z',
  pause: 'M7 5h3.5v14H7zm6.5 0H17v14h-3.5z',
  bell: 'M12 22a2.2 2.2 0 0 0 2.2-2H9.8a2.2 2.2 0 0 0 2.2 2zm6.5-5.8V11a6.5 6.5 0 0 0-5-6.3V4a1.5 1.5 0 0 0-3 0v.7a6.5 6.5 0 0 0-5 6.3v5.2L3.8 18v.8h16.4V18z',
  bellOff:
    'm4.3 3 16.7 16.7-1.3 1.3-2.2-2.2H3.8V18l1.7-1.8V11c0-1.2.3-2.3.9-3.2L3 4.3zm4.8 2.2 9.4 9.3V11a6.5 6.5 0 0 0-5-6.3V4a1.5 1.5 0 0 0-3 0v.7c-.5.1-.9.3-1.4.5zM12 22a2.2 2.2 0 0 0 2.2-2H9.8a2.2 2.2 0 0 0 2.2 2z',
  check: 'm9.5 16.2-4-4L4 13.7l5.5 5.5L20.5 8.2 19 6.7z',
  pencil: 'M4 16.7V20h3.3L17 10.3 13.7 7zm15.7-9.1a1 1 0 0 0 0-1.4l-2-2a1 1 0 0 0-1.4 0L14.7 5.8 18.2 9.3z',
  reply: 'M10 8.5V4.8L3 11.4l7 6.6v-3.8c5 0 8.5 1.6 11 5.1-1-5-4-9.9-11-10.8z',
  close: 'M6.4 5 12 10.6 17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4z',
  place:
    'M12 2.5a7 7 0 0 0-7 7c0 5 7 12 7 12s7-7 7-12a7 7 0 0 0-7-7zm0 9.5a2.5 2.5 0 1 1 0-5 2.5 2.5 0 0 1 0 5z',
  down: 'M12 16.5 5.5 10 7 8.5l5 5 5-5 1.5 1.5z',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The mark of the service: a shield around a diamond of the bogolan cloth. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path class="mark-line" d="M16 4.5 26 8.4v8c0 5.8-4.1 9.7-10 12.1-5.9-2.4-10-6.3-10-12.1v-8z" />
      <path class="mark-heart" d="m16 11 4.5 5.2-4.5 5.2-4.5-5.2z" />
    </svg>
  );
}
