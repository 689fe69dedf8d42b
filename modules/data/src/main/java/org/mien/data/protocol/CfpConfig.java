package org.mien.data.protocol;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.error.DataException;

/**
 * Celebrities in Frontal-Profile (S. Sengupta et al.: Frontal to Profile Face Verification in the
 * Wild, WACV 2016): 10 folds of 350 genuine and 350 impostor pairs, frontal with frontal or frontal
 * with profile.
 *
 * <p>{@code Protocol/Pair_list_F.txt} and {@code Pair_list_P.txt} number the images ({@code 1
 * ../Data/Images/001/frontal/01.jpg}); {@code Protocol/Split/FF/01/same.txt} and {@code diff.txt}
 * hold lines {@code number,number}, in {@code FP} the first of a frontal and the second of a
 * profile image. Keys are relative to {@code Data/Images}.
 *
 * @param folder the set's {@code Protocol} folder
 * @param kind which images are compared
 */
@TypeName("cfp")
public record CfpConfig(
    @Setting("The set's Protocol folder.") Path folder,
    @Setting("Frontal with frontal images (ff) or with profiles (fp).") Kind kind)
    implements PairFilesConfig {
  private static final int FOLDS = 10;
  private static final Pattern IMAGE =
      Pattern.compile("(\\d{1,6})\\s+.*?((\\d{3})/(frontal|profile)/\\d{2}\\.jpg)\\s*");
  private static final Pattern PAIR = Pattern.compile("\\s*(\\d{1,6})\\s*,\\s*(\\d{1,6})\\s*");

  /** Which images are compared. */
  public enum Kind {
    FF,
    FP
  }

  private record Image(String key, String person) {}

  @Override
  public PairList open() {
    Map<Integer, Image> frontal = images("Pair_list_F.txt");
    Map<Integer, Image> second = kind == Kind.FF ? frontal : images("Pair_list_P.txt");
    List<Pair> pairs = new ArrayList<>();
    int perFile = 0;
    for (int fold = 0; fold < FOLDS; fold++) {
      Path split =
          folder
              .resolve("Split")
              .resolve(kind.name())
              .resolve(String.format(Locale.ROOT, "%02d", fold + 1));
      for (boolean genuine : new boolean[] {true, false}) {
        Path file = split.resolve(genuine ? "same.txt" : "diff.txt");
        int before = pairs.size();
        add(pairs, file, genuine, fold, frontal, second);
        int found = pairs.size() - before;
        perFile = before == 0 ? found : perFile;
        // All 20 files hold equally many, so one that was cut off at the end of a line shows.
        if (found == 0 || found != perFile) {
          throw DataException.in(
              file, "holds " + found + " pairs; the fold's other files hold " + perFile);
        }
      }
    }
    return new PairList("cfp-" + kind.name().toLowerCase(Locale.ROOT), pairs, FOLDS);
  }

  private Map<Integer, Image> images(String name) {
    Path file = folder.resolve(name);
    Map<Integer, Image> images = new HashMap<>();
    TextLines.read(
        file,
        "CFP's list of images",
        (line, text) -> {
          Matcher matcher = IMAGE.matcher(text);
          if (!matcher.matches()) {
            throw DataException.atLine(
                file,
                line,
                "expected '<number> ../Data/Images/001/frontal/01.jpg', found "
                    + TextLines.quoted(text));
          }
          Image image = new Image(matcher.group(2), matcher.group(3));
          if (images.putIfAbsent(Integer.parseInt(matcher.group(1)), image) != null) {
            throw DataException.atLine(file, line, "numbers a second image " + matcher.group(1));
          }
        });
    return images;
  }

  private static void add(
      List<Pair> pairs,
      Path file,
      boolean genuine,
      int fold,
      Map<Integer, Image> first,
      Map<Integer, Image> second) {
    TextLines.read(
        file,
        "CFP's pairs of one fold",
        (line, text) -> {
          Matcher matcher = PAIR.matcher(text);
          if (!matcher.matches()) {
            throw DataException.atLine(
                file, line, "expected '<number>,<number>', found " + TextLines.quoted(text));
          }
          Image a = first.get(Integer.parseInt(matcher.group(1)));
          Image b = second.get(Integer.parseInt(matcher.group(2)));
          if (a == null || b == null) {
            throw DataException.atLine(
                file, line, "refers to an image that the lists of images lack: " + text.strip());
          }
          pairs.add(
              TextLines.pair(file, line, a.key, a.person, b.key, b.person, genuine, fold)
                  .withoutLine());
        });
  }
}
