/** Easy Japanese says how a word is read right behind it, 道路（どうろ）; pages show that small and above the word. */

const WORD_AND_READING = /([一-鿿々〆]+)（([ぁ-ゖァ-ヺー]+)）/;

/** The words as nodes, with `<ruby>` where readings are. */
export function withReadings(words: string): (Node | string)[] {
  // Between the readings: text, word, reading, text, word ...
  const parts = words.split(WORD_AND_READING);
  return parts.flatMap((part, at): (Node | string)[] => {
    if (at % 3 === 0) return part ? [part] : [];
    return at % 3 === 1 ? [ruby(part, parts[at + 1] ?? "")] : [];
  });
}

/** For where no ruby can stand. */
export function withoutReadings(words: string): string {
  return words.replace(new RegExp(WORD_AND_READING, "g"), "$1");
}

function ruby(word: string, reading: string): HTMLElement {
  const part = (tag: string, words: string) => Object.assign(document.createElement(tag), { textContent: words });
  const whole = document.createElement("ruby");
  whole.append(word, part("rp", "（"), part("rt", reading), part("rp", "）"));
  return whole;
}
