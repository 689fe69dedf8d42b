package org.mien.data.prepare;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import org.mien.core.provenance.Fingerprint;
import org.mien.data.manifest.FaceSamples;

/**
 * Which file a sample's picture goes to: its key with the extension of the format.
 *
 * <p>A key is foreign text, perhaps out of a container. What is not a letter, a digit or one of
 * {@code _-.,()@+=&'!} or a space becomes {@code _}, and so do leading dots, trailing dots and
 * spaces; steps such as {@code ..} and empty ones, names that a system reserves, a folder named
 * like an image and long names are changed too. A changed name gets {@code ~} and 16 digits of the
 * key's SHA-256, as does one that another key would share, counting upper and lower case as one: no
 * two keys have one file, whatever the file system. {@code ~} occurs nowhere else.
 */
final class PictureNames {
  private static final Pattern IMAGE =
      Pattern.compile(
          "\\.(jpe?g|png|pgm|ppm|bmp|gif|webp|tiff?)$",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  private static final Pattern RESERVED =
      Pattern.compile("(con|prn|aux|nul|com\\d|lpt\\d)(\\..*)?", Pattern.CASE_INSENSITIVE);
  private static final String ALLOWED = " _-.,()@+=&'!";
  private static final int MAXIMUM_STEP_BYTES = 120;
  private static final int MAXIMUM_BYTES = 400;

  private final String extension;

  /** Sorted hashes of the names that more than one key has. */
  private final long[] shared;

  PictureNames(FaceSamples samples, String extension) {
    this.extension = "." + extension;
    long[] all = new long[samples.size()];
    int kept = 0;
    for (int i = 0; i < samples.size(); i++) {
      Plain plain = plain(samples.key(i));
      if (!plain.changed()) {
        all[kept++] = hash(plain.path());
      }
    }
    long[] hashes = Arrays.copyOf(all, kept);
    Arrays.sort(hashes);
    int count = 0;
    for (int i = 1; i < hashes.length; i++) {
      if (hashes[i] == hashes[i - 1] && (count == 0 || hashes[count - 1] != hashes[i])) {
        hashes[count++] = hashes[i];
      }
    }
    this.shared = Arrays.copyOf(hashes, count);
  }

  /** Returns the file's path below the folder of pictures, with {@code /} between its steps. */
  String of(String key) {
    Plain plain = plain(key);
    boolean unique = !plain.changed() && Arrays.binarySearch(shared, hash(plain.path())) < 0;
    return unique
        ? plain.path() + extension
        : plain.path() + "~" + Fingerprint.ofText(key).substring(0, 16) + extension;
  }

  private record Plain(String path, boolean changed) {}

  private static Plain plain(String key) {
    String stem = IMAGE.matcher(key).replaceFirst("");
    String[] steps = stem.split("[/\\\\]", -1);
    boolean changed = stem.indexOf('\\') >= 0;
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < steps.length; i++) {
      String step = safe(steps[i]);
      if (i < steps.length - 1) {
        step = IMAGE.matcher(step).replaceFirst("_$1"); // or it could be a picture's name too
      }
      changed |= !step.equals(steps[i]);
      path.append(i == 0 ? "" : "/").append(step);
    }
    if (bytes(path.toString()) > MAXIMUM_BYTES) {
      return new Plain("long-key", true);
    }
    return new Plain(path.toString(), changed);
  }

  private static String safe(String step) {
    StringBuilder text = new StringBuilder();
    step.codePoints()
        .forEach(
            c ->
                text.appendCodePoint(
                    Character.isLetterOrDigit(c) || ALLOWED.indexOf(c) >= 0 ? c : '_'));
    for (int i = text.length() - 1; i >= 0 && isDotOrSpace(text.charAt(i)); i--) {
      text.setCharAt(i, '_');
    }
    if (text.length() == 0 || isDotOrSpace(text.charAt(0))) {
      text.insert(0, '_');
    }
    while (bytes(text.toString()) > MAXIMUM_STEP_BYTES) {
      text.setLength(text.offsetByCodePoints(text.length(), -1));
    }
    if (RESERVED.matcher(text).matches()) {
      text.insert(0, '_');
    }
    return text.toString();
  }

  private static boolean isDotOrSpace(char c) {
    return c == '.' || c == ' ';
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** FNV-1a over the name as a file system that folds case and composes accents would see it. */
  private static long hash(String path) {
    String folded = Normalizer.normalize(path, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < folded.length(); i++) {
      hash = (hash ^ folded.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }
}
