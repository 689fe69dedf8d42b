package org.mien.data.manifest;

import java.text.Normalizer;
import java.util.Locale;

/**
 * A person's name in the form in which two data sets' spellings of it are equal: {@code
 * Gerhard_Schröder}, {@code gerhard schroder} and {@code Gerhard-Schroder} are one.
 *
 * <p>Compatibility-decomposed (NFKD), accents on Latin, Greek and Cyrillic letters dropped (U+0300
 * to U+036F; vowel signs of other scripts are kept), letters without a decomposition such as ø, ł
 * and ß spelt out, lower case, apostrophes and full stops dropped, and runs of white space,
 * underscores and hyphens made one space. It errs towards equality: for a check of overlap a false
 * alarm costs less than a miss.
 *
 * @param normalised the form compared
 */
public record IdentityName(String normalised) {

  /** Normalises a name as a data set spells it. */
  public static IdentityName of(String name) {
    String text =
        Normalizer.normalize(name, Normalizer.Form.NFKD)
            .replaceAll("[\\u0300-\\u036F'’‘`´.]", "")
            .toLowerCase(Locale.ROOT);
    StringBuilder spelt = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            letter -> {
              switch (letter) {
                case 'ø' -> spelt.append('o');
                case 'ł' -> spelt.append('l');
                case 'đ', 'ð' -> spelt.append('d');
                case 'ı' -> spelt.append('i');
                case 'ß' -> spelt.append("ss");
                case 'æ' -> spelt.append("ae");
                case 'œ' -> spelt.append("oe");
                case 'þ' -> spelt.append("th");
                default -> spelt.appendCodePoint(letter);
              }
            });
    return new IdentityName(spelt.toString().replaceAll("[\\s_\\p{Pd}]+", " ").strip());
  }
}
