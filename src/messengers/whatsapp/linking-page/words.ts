/** What the page for linking the number says. The terminal says the same in English. */
import { TOOL } from '../../../kernel/tool.ts';

export type PageLanguage = 'fr' | 'en';

export type LinkingWords = {
  title: string;
  other: string;
  waiting: string;
  scan: { title: string; steps: string[]; note: string };
  code: { title: string; steps: string[]; note: string };
  linked: { title: string; next: string };
  ended: { title: string; next: string };
  handset: { title: string; why: string; rules: string[] };
};

export const LINKING_WORDS: Readonly<Record<PageLanguage, LinkingWords>> = {
  fr: {
    title: 'Relier le numéro WhatsApp',
    other: 'English',
    waiting: 'Connexion à WhatsApp…',
    scan: {
      title: 'Scannez ce code avec le téléphone du numéro',
      steps: [
        'Ouvrez WhatsApp sur le téléphone qui porte le numéro.',
        'Menu ⋮ (Android) ou Réglages (iPhone), puis « Appareils connectés », puis « Connecter un appareil ».',
        'Visez ce code avec la caméra.',
      ],
      note: 'Le code change tout seul. Ne le photographiez pas et ne l’envoyez à personne : qui le scanne lit tout.',
    },
    code: {
      title: 'Tapez ces lettres sur le téléphone du numéro',
      steps: [
        'Ouvrez WhatsApp sur le téléphone qui porte le numéro.',
        'Menu ⋮ (Android) ou Réglages (iPhone), « Appareils connectés », « Connecter un appareil », puis « Connecter avec un numéro de téléphone ».',
        'Tapez les huit lettres.',
      ],
      note: 'Les lettres changent après quelques minutes. Ne les donnez à personne.',
    },
    linked: {
      title: '✓ Le numéro est relié',
      next: 'Un service en marche se connecte en quelques secondes. Vous pouvez fermer cette page.',
    },
    ended: {
      title: 'La commande est terminée',
      next: `Le terminal dit pourquoi. Pour recommencer : ${TOOL} whatsapp pair`,
    },
    handset: {
      title: 'Gardez ce téléphone',
      why: 'Le téléphone qui porte le numéro garde tous les messages, en clair.',
      rules: [
        'Enfermez-le, avec un code que deux personnes seulement connaissent. Ne le prêtez pas, ne le vendez pas.',
        'Messages éphémères : Réglages, Confidentialité, Durée par défaut des messages, 24 heures.',
        'Pas de sauvegarde : Réglages, Discussions, Sauvegarde, jamais. Pas d’aperçu des notifications.',
        'Un code pour le numéro : Réglages, Compte, Vérification en deux étapes.',
        'Allumez-le une fois par semaine : sans lui, WhatsApp nous déconnecte après 14 jours.',
      ],
    },
  },
  en: {
    title: 'Link the WhatsApp number',
    other: 'Français',
    waiting: 'Connecting to WhatsApp…',
    scan: {
      title: 'Scan this code with the handset of the number',
      steps: [
        'Open WhatsApp on the handset that owns the number.',
        'Menu ⋮ (Android) or Settings (iPhone), then “Linked devices”, then “Link a device”.',
        'Point the camera at this code.',
      ],
      note: 'The code changes by itself. Take no photo of it and send it to nobody: whoever scans it reads everything.',
    },
    code: {
      title: 'Type these letters on the handset of the number',
      steps: [
        'Open WhatsApp on the handset that owns the number.',
        'Menu ⋮ (Android) or Settings (iPhone), “Linked devices”, “Link a device”, then “Link with phone number instead”.',
        'Type the eight letters.',
      ],
      note: 'The letters change after a few minutes. Give them to nobody.',
    },
    linked: {
      title: '✓ The number is linked',
      next: 'A running service connects within seconds. You can close this page.',
    },
    ended: {
      title: 'The command has ended',
      next: `The terminal says why. To begin again: ${TOOL} whatsapp pair`,
    },
    handset: {
      title: 'Keep this handset',
      why: 'The handset that owns the number keeps every message in the clear.',
      rules: [
        'Lock it away, with a PIN that only two people know. Never hand it on or sell it.',
        'Disappearing messages: Settings, Privacy, Default message timer, 24 hours.',
        'No backup: Settings, Chats, Chat backup, never. No preview of notifications.',
        'A PIN for the number itself: Settings, Account, Two-step verification.',
        'Switch it on once a week: WhatsApp unlinks us after 14 days without it.',
      ],
    },
  },
};
