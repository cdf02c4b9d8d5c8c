/** So begin the keys of marked work that is no message: the guardian alone counts how often it made the service fall. */
export const WORK = 'work:';
