/**
 * Words that tell which language a person writes, as `plain` leaves them: without accents, in small letters, with e and o for
 * ɛ and ɔ. Also as phones write them: "jsui", "koi", "svp", "pls". Bambara stands here before it has texts of its own.
 *
 * `surely`: only this language has it, here. `perhaps`: another one has it too, or half the words of the world look like it.
 */
export type Telling = {
  surely: string;
  perhaps: string;
  /** Two words that only stand beside each other in this language. */
  together?: string;
  /** How the language is called, in any of them, and its code. */
  names: string;
};

export const TELLING: Readonly<Record<string, Telling>> = {
  fr: {
    surely: `je jai jsui jsuis chui chuis suis sui est sont sommes etes etait etaient ai ont avons avez avais tu toi il ils elle elles
      nous vous vs ns nul une un des les le du de au aux et avec pour pr par dans ds chez sans sous depuis pendant apres avant entre
      mon mes ses notre nos votre vos leur leurs cet cette ces cela ca celui que qui quoi quand quel quelle ki koi kel keske pk pkoi
      pourquoi comment cmt ou pas plus tres trop bien mal aussi encore toujours tjr tjrs jamais rien tout tous toute toutes mais donc
      parce hier demain aujourd aujourdhui matin soir nuit jour jours semaine mois annee maintenant mtn bonjour bjr bonsoir bsr salut
      slt slm coucou allo merci mrc svp stp pardon oui non aide aider aidez aidez besoin faire fait dire dit dites veux veu veut voudrais
      peux peu peut pouvez dois doit faut parler parle parlez appel appelle appelez ecrire ecrivez repondez repondre savoir sais
      gens kelkun quelqu quelqun quelques autre meme homme hommes femme femmes frere freres soeur pere mere mari fils fille filles
      enfant enfants famille voisin voisins maison maisons porte village ville quartier telephone rue route militaire militaires
      gendarme gendarmes policier policiers soldats juge avocat prison menace menaces menacer menacent menacee plainte arrete
      arretee arreter enleve enlevee disparu disparue frapper pris venus venu partis tuer tue mort signaler informations
      renseignement renseignements commission nationale droits humains mecanisme probleme problemes securite peur parents chef
      association president journaliste radio groupe mapelle mappelle jappelle cest ya yavait probleme`,
    perhaps:
      'la ma sa ta ce se te me ne on en son an j l d c qu m s g y cc cv cndh salam info a ke si es mn kan deux trois',
    together: '',
    names: 'fr fra fre francais francaise french fransais franse fransi faransi tubabukan nsaarakan',
  },
  en: {
    surely: `the they them their theyre this that these those is are am was were been being have has had do does did dont doesnt
      didnt can cant could will would should must my your his her our we you ur he she it its im ive of at with for from and not
      what who how where when why which someone somebody anyone anybody nobody everybody there hi hello hey good morning evening
      afternoon day thanks thank thx pls please plz help hlp want need know think talk speak speaking call calling called people
      brother sister husband wife father mother daughter child children family friend house home office phone night yesterday today
      tomorrow friday monday again about because after before since while took taken take beat beats beating killed kill killing gun
      guns soldiers army threat threats threatened threatening report journalist lawyer rights human english came come coming went
      said says told watching following followed arrested missing scared afraid safe danger problem got get dey dem still just now
      man men woman women two three money free under into out up over hiding burned hacked`,
    perhaps: 'i u r be in on to so no or but me a an do here son police info if as by us go',
    together: '',
    names: 'en eng english englis anglais angle angilekan angilɛkan',
  },
  bm: {
    surely: `aw ye ka na ni fe ko sisan sini kunun sogoma sogomada wula wulada tilen tile su bi mogo mogow cew muso musow denke
      denmuso balima balimake balimamuso togo deme siran farati mine faga bugo gen jeni taara nana sera tagara segin lase caman bee
      foyi sabali hakili hadamaden hadamadenw josira josiraw lafasa lafasali lafasabaga bamanankan bamanan faamu telefoni wari kene
      tigi dugu dugutigi jamana jamanatigi yoro kuma kumana fo nka walima awo ayi nba nse mun jon min minnu nin dooni kono koro kama
      koson kosebe nofe bolo baara kunnafoni kunnafonidila polisiw sorodasi sorodasiw zandarama zandaramaw marifa cikan kele juru
      baasi jigi gundo ala baga bagabaga bagabagali minela denw fama jaa barika here kera tun bena tena tora tila kan dugukolo ciden
      hakilina konnafoni kelebolo cogo`,
    perhaps:
      'n u i an ne be te ma ta la a do don so den fa ba ce kan wa ayiwa fili gelen se to kun y b k sira',
    together: `i ni/aw ni/ne be/n be/u be/a be/an be/aw be/i be/ne te/n te/u te/a te/an te/ne ye/n ye/u ye/an ye/a ye/ne ka/n ka/u ka/
      an ka/a ka/i ka/ne ma/n ma/u ma/a ma/ne ko/u ko/n ko/a ko/b a/y a/ye n/ye ne/ka n/ka ne/ni ce/be na/be ka/te se/an sogoma/
      here sira/here tilenna/here be/baasi te`,
    names: 'bm bam bambara bamanan bamana bamanankan bamanakan bambarakan',
  },
};

/** Who writes this and cannot be answered in it reads that sooner than anything else on offer. */
export const READS_SOONER: Readonly<Record<string, string>> = { bm: 'fr' };

/** Words around the name of a language with which it is asked for: "francais svp", "i speak english". */
export const AROUND_A_NAME = `svp stp s il vous te plait please pls plz en in na le la je parle veux voudrais prefere i speak want
  only seulement langue language kan ye ne be n be fe b a aw ka kuma merci bonjour hello i ni ce`;
