package org.mien.cli;

import com.beust.jcommander.Parameter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.mien.core.error.ConfigException;
import org.mien.trainer.evaluation.MapMethod;
import org.mien.trainer.evaluation.ReportExtras;
import org.mien.trainer.evaluation.ScoresKept;

/** What the report of an evaluation holds only if it is asked for. */
final class ReportOption {
  @Parameter(
      names = "--thumbnails",
      description =
          "Show the faces of this many of the worst pairs of each kind in the report, at most 50; by"
              + " default none, for faces are personal data")
  private Integer thumbnails;

  @Parameter(
      names = "--map",
      description = "Draw a map of embeddings, as an illustration: pca or tsne")
  private String map;

  @Parameter(
      names = "--scores",
      description =
          "Which scores of single pairs are kept in scores/NAME.csv.gz: usual (protocols of up to a"
              + " million pairs), all, or none")
  private String scores;

  /**
   * Returns what was asked for.
   *
   * @param out the folder of the report, or null
   */
  ReportExtras extras(Path out) {
    if (out == null && named() != null) {
      throw new ConfigException(named() + ": changes the report, so it needs --out");
    }
    if (thumbnails != null && (thumbnails < 0 || thumbnails > ReportExtras.MOST_THUMBNAILS)) {
      throw new ConfigException(
          "--thumbnails: expected 0 to " + ReportExtras.MOST_THUMBNAILS + ", was " + thumbnails);
    }
    return new ReportExtras(
        thumbnails == null ? 0 : thumbnails,
        choice("--map", map, MapMethod.NONE),
        choice("--scores", scores, ScoresKept.USUAL));
  }

  /** Refuses all of them where they would change nothing. */
  void refuse(String where) {
    if (named() != null) {
      throw new ConfigException(named() + ": works with a protocol of pairs, not with " + where);
    }
  }

  /** Refuses what MegaFace's protocol has not. */
  void refuseButThumbnails() {
    if (map != null || scores != null) {
      throw new ConfigException(
          (map != null ? "--map" : "--scores")
              + ": works with a protocol of pairs (mien evaluate), not with probes among"
              + " distractors");
    }
  }

  private String named() {
    return thumbnails != null
        ? "--thumbnails"
        : map != null ? "--map" : scores != null ? "--scores" : null;
  }

  private static <E extends Enum<E>> E choice(String option, String word, E usual) {
    if (word == null) {
      return usual;
    }
    StringBuilder expected = new StringBuilder();
    for (E one : usual.getDeclaringClass().getEnumConstants()) {
      String name = one.name().toLowerCase(Locale.ROOT);
      if (name.equals(word)) {
        return one;
      }
      expected.append(expected.length() == 0 ? "" : ", ").append(name);
    }
    throw new ConfigException(option + ": expected one of " + expected + ", was " + word);
  }

  /** Adds the words that were given. */
  void addWords(List<String> words) {
    if (thumbnails != null) {
      words.add("--thumbnails");
      words.add(thumbnails.toString());
    }
    if (map != null) {
      words.add("--map");
      words.add(map);
    }
    if (scores != null) {
      words.add("--scores");
      words.add(scores);
    }
  }
}
