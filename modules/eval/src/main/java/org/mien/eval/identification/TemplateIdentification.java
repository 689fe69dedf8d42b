package org.mien.eval.identification;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.mien.core.error.DataException;
import org.mien.core.progress.Progress;
import org.mien.data.protocol.TemplateProtocol;
import org.mien.eval.template.PooledTemplates;

/**
 * 1:N search of IJB-B and IJB-C: every probe template is looked for in each gallery by itself, and
 * figures are averaged over the galleries. Galleries that are thrown together would make every
 * probe mated, and leave no threshold to find.
 */
public final class TemplateIdentification {
  private TemplateIdentification() {}

  /**
   * What the search gave.
   *
   * @param average over the galleries
   * @param galleries the figures of each, by name
   */
  public record Result(IdentificationResult average, List<NamedResult> galleries) {
    public Result {
      galleries = List.copyOf(galleries);
    }
  }

  /**
   * The figures of one gallery.
   *
   * @param gallery its name
   * @param result its figures
   */
  public record NamedResult(String gallery, IdentificationResult result) {}

  /**
   * Searches all galleries.
   *
   * @param fusion where a gallery has several templates of one person
   * @param random only for the bootstraps
   * @throws DataException if the protocol has no galleries or no probes, or a table names a
   *     template that does not exist
   */
  public static Result evaluate(
      PooledTemplates templates,
      GalleryFusion fusion,
      IdentificationOptions options,
      int threads,
      Progress.Factory progress,
      SplittableRandom random) {
    TemplateProtocol protocol = templates.protocol();
    if (protocol.galleries().isEmpty()) {
      throw new DataException(
          protocol.name() + ": identification needs the tables of galleries; none is named");
    }
    LabelledRows probes =
        rows(
            templates,
            protocol
                .probes()
                .orElseThrow(
                    () ->
                        new DataException(
                            protocol.name()
                                + ": identification needs the table of probes; none is named")));
    List<IdentificationScores> scores = new ArrayList<>();
    List<NamedResult> results = new ArrayList<>();
    for (TemplateProtocol.Gallery gallery : protocol.galleries()) {
      IdentificationScores found =
          IdentificationScores.of(rows(templates, gallery), probes, fusion, threads, progress);
      scores.add(found);
      results.add(
          new NamedResult(
              gallery.name(), IdentificationEvaluation.evaluate(found, options, random.split())));
    }
    return new Result(IdentificationEvaluation.evaluate(scores, options, random.split()), results);
  }

  /** The templates of a table, in the order of their ids. */
  private static LabelledRows rows(PooledTemplates templates, TemplateProtocol.Gallery table) {
    TemplateProtocol protocol = templates.protocol();
    int[] rows = new int[table.subjectOf().size()];
    List<String> subjects = new ArrayList<>();
    int count = 0;
    for (var entry : new TreeMap<>(table.subjectOf()).entrySet()) {
      rows[count++] = templateOf(protocol, entry.getKey(), table.name());
      subjects.add(String.valueOf(entry.getValue()));
    }
    return new LabelledRows(templates.select(rows), subjects);
  }

  private static int templateOf(TemplateProtocol protocol, int id, String table) {
    int low = 0;
    int high = protocol.templates() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int found = protocol.templateId(middle);
      if (found == id) {
        return middle;
      }
      if (found < id) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    throw new DataException(
        protocol.name() + ": " + table + " names the template " + id + ", which has no image");
  }
}
