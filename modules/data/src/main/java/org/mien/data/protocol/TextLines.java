package org.mien.data.protocol;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.mien.core.error.DataException;

/** A text file read line by line, and how problems in it are told. */
final class TextLines {
  /** Called for each line that is not blank. */
  interface Reader {
    /**
     * @param line counted from 1
     */
    void read(long line, String text);
  }

  private static final int MAXIMUM_LINE = 1 << 16;

  private TextLines() {}

  /**
   * @param expected what the file should be, for messages
   */
  static void read(Path file, String expected, Reader reader) {
    try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      long line = 1;
      StringBuilder text = new StringBuilder();
      // Not readLine, which would hold a line of any length before it could be refused.
      for (int c = in.read(); c >= 0; c = in.read()) {
        if (c == '\n') {
          give(line, text, reader);
          line++;
        } else if (text.length() == MAXIMUM_LINE) {
          throw DataException.atLine(file, line, "is longer than " + MAXIMUM_LINE + " characters");
        } else {
          text.append((char) c);
        }
      }
      give(line, text, reader);
    } catch (NoSuchFileException e) {
      throw DataException.in(file, "is missing; expected " + expected, e);
    } catch (CharacterCodingException e) {
      throw DataException.in(file, "is not UTF-8 text; expected " + expected, e);
    } catch (IOException e) {
      throw DataException.in(file, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  private static void give(long line, StringBuilder text, Reader reader) {
    int length = text.length();
    if (length > 0 && text.charAt(length - 1) == '\r') {
      text.setLength(length - 1);
    }
    String whole = text.toString();
    text.setLength(0);
    if (!whole.isBlank()) {
      reader.read(line, whole);
    }
  }

  /** Returns a line for a message: short, without control characters. */
  static String quoted(String text) {
    String shown = text.length() > 80 ? text.substring(0, 80) + "..." : text;
    return "'" + shown.replace("\t", "<TAB>").replaceAll("\\p{Cntrl}", "?") + "'";
  }

  /**
   * Returns a relative path with forward slashes as a key.
   *
   * @throws DataException if it is absolute or would leave its folder
   */
  static String key(Path file, long line, String path) {
    String key = path.strip().replace('\\', '/');
    boolean absolute = key.startsWith("/");
    // One image must have one key, however its path is spelt.
    key = key.replaceAll("(?:^|(?<=/))(?:\\./|/)+", "");
    boolean leaves =
        absolute
            || key.isEmpty()
            || key.equals(".")
            || key.endsWith("/")
            || key.endsWith("/.")
            || ("/" + key + "/").contains("/../")
            || key.matches("[A-Za-z]:.*");
    if (leaves || key.chars().anyMatch(Character::isISOControl)) {
      throw DataException.atLine(
          file, line, "expected a path inside the folder of images, found " + quoted(path));
    }
    return key;
  }

  /** Makes a pair; what {@link Pair} refuses is an error of the line. */
  static Pair pair(
      Path file,
      long line,
      String keyA,
      String identityA,
      String keyB,
      String identityB,
      boolean genuine,
      int fold) {
    try {
      return new Pair(keyA, identityA, keyB, identityB, genuine, fold, line);
    } catch (IllegalArgumentException e) {
      throw DataException.atLine(file, line, e.getMessage());
    }
  }
}
