/** What the room says of a case or key that does not fit, in both languages: what it means, and what to do. */
import type { CaseTrouble, ItemVerdict } from '../../crypto/case-check.ts';

export type TrustWords = {
  title: string;
  troubles: Record<CaseTrouble, string>;
  tell: string;
  confirm: string;
  confirmed: string;
  items: Record<Extract<ItemVerdict, 'not_ours' | 'adrift'>, string>;
  showAnyway: string;
  before: (n: number) => string;
  continues: string;
  suspect: string;
  fileNotOurs: string;
  keyNotProved: string;
  memberNotProved: string;
  codes: string;
  serverKey: string;
  serverKeyFirst: string;
  serverKeyChanged: string;
  serverKeyAccept: string;
  accept: string;
};

export const trustFr: TrustWords = {
  title: 'Ce dossier n’est pas comme le service l’a écrit',
  troubles: {
    inserted:
      'Un élément n’a pas été écrit par le service, ou a été changé depuis. Il est en rouge ci-dessous : ce n’est peut-être pas la parole de la personne.',
    missing: 'Il manque quelque chose : un élément de ce dossier a été enlevé ou remplacé.',
    cut_back:
      'Cet appareil a déjà vu ce dossier avec autre chose ou plus de choses dedans : ce qu’il a vu n’y est plus.',
    key_changed:
      'La clé de ce dossier a été changée : ce n’est pas celle que le service a signée. Quelqu’un d’autre pourrait lire ce qu’on y ajoute.',
  },
  tell: 'Quelqu’un a pu toucher à la base de données. Prévenez l’administration et la personne qui gère le serveur, de vive voix. Vérifiez auprès de la personne ou d’un collègue avant d’agir.',
  confirm: 'J’ai lu cela. Je veux agir quand même.',
  confirmed: 'Vous avez lu cela et vous agissez quand même.',
  items: {
    not_ours: 'Cet élément n’a pas été écrit par le service, ou a été changé. Ne vous y fiez pas.',
    adrift: 'Ce qui vient avant manque ou a été changé : on ne sait pas si ceci est à sa place.',
  },
  showAnyway: 'Voir quand même',
  before: (n) =>
    n === 1
      ? 'Un élément (trait pointillé) est plus ancien que ce contrôle : le contrôle ne dit rien de lui, ni en bien ni en mal.'
      : `${n} éléments (trait pointillé) sont plus anciens que ce contrôle : le contrôle ne dit rien d’eux, ni en bien ni en mal.`,
  continues: 'La clé d’un dossier ne convenait plus ; la suite est ici. Le dossier d’avant :',
  suspect: 'À vérifier : ouvrez',
  fileNotOurs: 'Ce fichier n’est pas celui que le service a reçu. Il n’est pas ouvert.',
  keyNotProved:
    'La clé de ce dossier n’est pas celle que le service a signée : rien n’y est scellé, et rien n’est parti.',
  memberNotProved:
    'La clé ou le rôle de cette personne n’est pas ce que le service a signé à son entrée. Ne lui donnez pas la clé ; prévenez la personne qui gère le serveur.',
  codes: 'Codes de contrôle',
  serverKey: 'Code de contrôle du serveur',
  serverKeyFirst:
    'Première fois sur cet appareil : c’est normal. Demandez à la personne qui gère le serveur de vous lire ce code (commande « doctor ») et comparez. Cet appareil ne peut pas voir ce qui a été enlevé des dossiers avant aujourd’hui.',
  serverKeyChanged:
    'Le serveur signe avec une clé que cet appareil ne connaît pas, et que l’ancienne clé n’a pas signée. Les dossiers sont contrôlés avec l’ancienne.',
  serverKeyAccept:
    'Parlez à la personne qui gère le serveur, de vive voix. Acceptez seulement si elle a changé la clé et lit le même code.',
  accept: 'Le code est le même : accepter',
};

export const trustEn: TrustWords = {
  title: 'This case is not as the service wrote it',
  troubles: {
    inserted:
      'Something was not written by the service, or was changed since. It is marked in red below: it may not be the person’s word.',
    missing: 'Something is missing: part of this case was taken out or replaced.',
    cut_back:
      'This device has seen this case with other or more things in it: what it saw is no longer there.',
    key_changed:
      'The key of this case was changed: it is not the one that the service signed. Somebody else could read what is added.',
  },
  tell: 'Somebody may have got into the database. Tell the administrators and whoever runs the server, in person or by voice. Check with the person or a colleague before you act.',
  confirm: 'I have read this. I want to act all the same.',
  confirmed: 'You have read this and act all the same.',
  items: {
    not_ours: 'This was not written by the service, or was changed. Do not rely on it.',
    adrift: 'What comes before is missing or was changed: nobody can say whether this belongs here.',
  },
  showAnyway: 'Show it anyway',
  before: (n) =>
    n === 1
      ? 'One item (dotted line) is older than this check: the check says nothing of it, good or bad.'
      : `${n} items (dotted line) are older than this check: the check says nothing of them, good or bad.`,
  continues: 'The key of a case no longer fitted; it goes on here. The case before:',
  suspect: 'To be checked: open it',
  fileNotOurs: 'This file is not the one that the service received. It is not opened.',
  keyNotProved:
    'The key of this case is not the one that the service signed: nothing is sealed to it, and nothing was sent.',
  memberNotProved:
    'The key or role of this person is not what the service signed when they joined. Do not give them the key; tell whoever runs the server.',
  codes: 'Control codes',
  serverKey: 'Control code of the server',
  serverKeyFirst:
    'First time on this device: that is normal. Ask whoever runs the server to read this code out (“doctor”) and compare. This device cannot see what was taken out of cases before today.',
  serverKeyChanged:
    'The server signs with a key that this device does not know, and that the old key did not sign. Cases are checked with the old one.',
  serverKeyAccept:
    'Speak with whoever runs the server. Accept only if they changed the key and read out the same code.',
  accept: 'The code is the same: accept',
};
