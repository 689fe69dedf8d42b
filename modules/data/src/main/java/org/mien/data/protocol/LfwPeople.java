package org.mien.data.protocol;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.mien.core.error.DataException;

/**
 * The people of Labeled Faces in the Wild and of its parts.
 *
 * <p>View 1 ({@code peopleDevTrain.txt}, {@code peopleDevTest.txt}): the first line is the number
 * of people, each other line {@code name<TAB>images}. View 2 ({@code people.txt}): the first line
 * is the number of sets; each set is a line with its number of people and a line for each of them.
 * The images of a person are numbered from 1 to the count.
 *
 * <p>The reader is strict: counts must agree, nobody may be named twice, and only blank lines may
 * follow.
 *
 * @param name of the file without its extension
 * @param people in the file's order
 * @param folds how many sets there are; 1 in View 1
 */
public record LfwPeople(String name, List<Person> people, int folds) {
  private static final long MAXIMUM_BYTES = 64 << 20;
  private static final int MAXIMUM_FOLDS = 1000;
  private static final int MAXIMUM_PEOPLE = 10_000_000;
  private static final int MAXIMUM_IMAGES = 9999; // four digits in LFW's file names

  private static final Pattern COUNT = Pattern.compile("[0-9]{1,8}");
  private static final Pattern NAME = Pattern.compile("[^\\s/\\\\\\p{Cntrl}]{1,200}");

  /**
   * One person.
   *
   * @param name as in the folder's name
   * @param images how many LFW has of them, 1 to 9999
   * @param fold which set they are in, counted from 0
   */
  public record Person(String name, int images, int fold) {}

  public LfwPeople {
    people = List.copyOf(people);
  }

  /** Returns how many images these people have together. */
  public long images() {
    return people.stream().mapToLong(Person::images).sum();
  }

  /**
   * Returns the people of one set.
   *
   * @param fold counted from 0
   */
  public List<Person> inFold(int fold) {
    if (fold < 0 || fold >= folds) {
      throw new IllegalArgumentException(
          "expected a fold of 0 to " + (folds - 1) + ", was " + fold);
    }
    return people.stream().filter(person -> person.fold() == fold).toList();
  }

  /**
   * Reads a list.
   *
   * @throws DataException with file and line if it is missing or malformed
   */
  public static LfwPeople read(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAXIMUM_BYTES) {
        throw DataException.in(file, "has " + size + " bytes; expected a list of people");
      }
      return new Parser(file, Files.readAllLines(file)).parse();
    } catch (NoSuchFileException e) {
      throw DataException.in(
          file, "does not exist; expected a list of people such as LFW's people.txt", e);
    } catch (CharacterCodingException e) {
      throw DataException.in(file, "is not a text file in UTF-8; expected LFW's people.txt", e);
    } catch (IOException e) {
      throw DataException.in(file, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  private static final class Parser {
    private final Path file;
    private final List<String> lines;
    private final List<Person> people = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private int next;

    Parser(Path file, List<String> lines) {
      this.file = file;
      this.lines = lines;
    }

    LfwPeople parse() {
      int first = count("number of people or of sets", MAXIMUM_PEOPLE);
      // In a file of sets a number of people comes next, in the others a person.
      boolean sets = lines.size() > 1 && lines.get(1).indexOf('\t') < 0;
      if (sets && first > MAXIMUM_FOLDS) {
        throw problem("expected '<name><TAB><images>', found " + quoted(lines.get(1)));
      }
      int folds = sets ? first : 1;
      for (int fold = 0; fold < folds; fold++) {
        int count = sets ? count("number of people of set " + (fold + 1), MAXIMUM_PEOPLE) : first;
        for (int i = 0; i < count; i++) {
          person(fold, i, count);
        }
      }
      for (; next < lines.size(); next++) {
        if (!lines.get(next).isBlank()) {
          throw problem(
              "expected the end after "
                  + people.size()
                  + " people, found "
                  + quoted(lines.get(next)));
        }
      }
      String fileName = file.getFileName().toString();
      int dot = fileName.lastIndexOf('.');
      return new LfwPeople(dot > 0 ? fileName.substring(0, dot) : fileName, people, folds);
    }

    private void person(int fold, int already, int promised) {
      if (next >= lines.size()) {
        throw problem(
            "the list ends after " + already + " people of this set; it promises " + promised);
      }
      String text = lines.get(next);
      String[] fields = text.split("\t", -1);
      if (fields.length != 2 || !COUNT.matcher(fields[1]).matches()) {
        throw problem("expected '<name><TAB><images>', found " + quoted(text));
      }
      int images = Integer.parseInt(fields[1]);
      if (images < 1 || images > MAXIMUM_IMAGES) {
        throw problem("expected 1 to " + MAXIMUM_IMAGES + " images, found " + fields[1]);
      }
      String name = fields[0];
      if (!NAME.matcher(name).matches() || name.equals(".") || name.equals("..")) {
        throw problem("expected a name without spaces or slashes, found " + quoted(name));
      }
      if (!names.add(name)) {
        throw problem(name + " is named a second time");
      }
      people.add(new Person(name, images, fold));
      next++;
    }

    private int count(String what, int maximum) {
      String text = next < lines.size() ? lines.get(next) : "";
      if (COUNT.matcher(text).matches()) {
        int number = Integer.parseInt(text);
        if (number >= 1 && number <= maximum) {
          next++;
          return number;
        }
      }
      throw problem(
          String.format(
              Locale.ROOT, "expected the %s, 1 to %d, found %s", what, maximum, quoted(text)));
    }

    private DataException problem(String text) {
      return DataException.atLine(file, Math.min(next, Math.max(0, lines.size() - 1)) + 1, text);
    }

    private static String quoted(String text) {
      String shown = text.length() > 80 ? text.substring(0, 80) + "..." : text;
      return "'" + shown.replace("\t", "<TAB>").replaceAll("\\p{Cntrl}", "?") + "'";
    }
  }
}
