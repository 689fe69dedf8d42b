package org.mien.data.protocol;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.error.DataException;

/**
 * Racial Faces in the Wild: 6,000 pairs of each of four groups in LFW's format, {@code
 * txts/African/African_pairs.txt}, with or without LFW's first line (M. Wang et al.: Racial Faces
 * in the Wild, ICCV 2019). Both images of a pair are of one group, so rates between groups cannot
 * be had from it. Keys are relative to {@code data}: {@code African/m.0abc/m.0abc_0001.jpg}.
 *
 * <p>The group of each image is the list's group of that key. A dozen people are in two groups;
 * they keep one identity. Where {@code African_people.txt} lies beside the pairs, numbers of images
 * are checked with it.
 *
 * @param folder holds {@code txts} and {@code data}
 * @param ethnicity which group; all of them, fold by fold together, if empty
 */
@TypeName("rfw")
public record RfwConfig(
    @Setting("Folder that holds txts and data.") Path folder,
    @Setting("Which of the four groups; all of them if absent.") Optional<Ethnicity> ethnicity)
    implements PairFilesConfig {
  private static final Pattern PERSON = Pattern.compile("(\\S+)\\s+(\\d{1,4})\\s*");

  /** The set's groups, as it names them. */
  public enum Ethnicity {
    AFRICAN("African"),
    ASIAN("Asian"),
    CAUCASIAN("Caucasian"),
    INDIAN("Indian");

    private final String folder;

    Ethnicity(String folder) {
      this.folder = folder;
    }

    /** Returns the name of the group's folders. */
    public String folder() {
      return folder;
    }
  }

  @Override
  public PairList open() {
    List<Ethnicity> wanted = ethnicity.map(List::of).orElse(List.of(Ethnicity.values()));
    List<Pair> pairs = new ArrayList<>();
    Map<String, String> groups = new HashMap<>();
    int folds = 0;
    for (Ethnicity one : wanted) {
      String group = one.folder();
      Path lists = folder.resolve("txts").resolve(group);
      Path file = lists.resolve(group + "_pairs.txt");
      PairList list = LfwPairs.read(file, group + "/", people(lists, group));
      if (folds != 0 && folds != list.folds()) {
        throw DataException.in(
            file, "has " + list.folds() + " folds; the group before has " + folds);
      }
      folds = list.folds();
      list.pairs().forEach(pair -> pairs.add(pair.withoutLine()));
      list.keys().forEach(key -> groups.put(key, group));
    }
    pairs.sort(Comparator.comparingInt(Pair::fold));
    String suffix = ethnicity.map(one -> "-" + one.folder().toLowerCase(Locale.ROOT)).orElse("");
    return new PairList("rfw" + suffix, pairs, folds, groups);
  }

  private static Map<String, Integer> people(Path lists, String group) {
    Path file = lists.resolve(group + "_people.txt");
    Map<String, Integer> people = new HashMap<>();
    if (Files.exists(file)) {
      TextLines.read(
          file,
          "RFW's list of people",
          (line, text) -> {
            Matcher person = PERSON.matcher(text);
            if (person.matches()) {
              people.merge(person.group(1), Integer.parseInt(person.group(2)), Math::max);
            } else if (line > 1 || !text.strip().matches("\\d{1,6}")) {
              throw DataException.atLine(
                  file, line, "expected 'person images', found " + TextLines.quoted(text));
            }
          });
    }
    return people;
  }
}
