/** The rooms that nobody is woken for: the team, one's devices, the log, how long cases are kept, a case on paper, making a key. One file, loaded after the first case. */
export { AuditLog } from './audit-log.tsx';
export { DoctorRoom } from './doctor.tsx';
export { Dossier } from './dossier.tsx';
export { MakeKey } from './make-key.tsx';
export { MyDevices } from './my-devices.tsx';
export { People } from './people.tsx';
export { Retention } from './retention.tsx';
