package org.mien.eval.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A section of paragraphs, facts, charts and tables with everything worked out.
 *
 * @param id unique in the page
 * @param title heading
 * @param paragraphs in order
 * @param facts by name, above the charts; may be empty
 * @param figures charts
 * @param tables below the charts
 * @param notes what a reader must know
 * @param pictures pairs with thumbnails, if any
 */
record SectionView(
    String id,
    String title,
    List<String> paragraphs,
    Map<String, String> facts,
    List<ReportFigure> figures,
    List<ReportTable> tables,
    List<String> notes,
    List<Pictures> pictures) {

  /**
   * Pairs of pictures.
   *
   * @param heading what is wrong about them
   * @param pairs with a thumbnail each at least
   */
  record Pictures(String heading, List<WorstPairsSection.Pair> pairs) {}

  /** An id of a kind of section, its place among these, and a name if there is one. */
  static String id(String kind, int number, String name) {
    String slug = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    slug = slug.replaceAll("^-|-$", "");
    // The number keeps two apart whose names differ in signs only.
    return kind + "-" + number + (slug.isEmpty() ? "" : "-" + slug);
  }

  /** Starts a section. */
  static Draft of(String id, String title) {
    return new Draft(id, title);
  }

  /** A section that is being filled. */
  static final class Draft {
    private final String id;
    private final String title;
    private final List<String> paragraphs = new ArrayList<>();
    private final Map<String, String> facts = new LinkedHashMap<>();
    private final List<ReportFigure> figures = new ArrayList<>();
    private final List<ReportTable> tables = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<Pictures> pictures = new ArrayList<>();

    private Draft(String id, String title) {
      this.id = id;
      this.title = title;
    }

    Draft paragraph(String text) {
      if (text != null && !text.isBlank()) {
        paragraphs.add(text);
      }
      return this;
    }

    Draft fact(String name, String value) {
      facts.put(name, value);
      return this;
    }

    Draft figure(ReportFigure figure) {
      figures.add(figure);
      return this;
    }

    Draft table(ReportTable table) {
      if (!table.rows().isEmpty()) {
        tables.add(table);
      }
      return this;
    }

    Draft note(String text) {
      if (text != null && !text.isBlank()) {
        String stripped = text.strip();
        boolean ended = ".!?".indexOf(stripped.charAt(stripped.length() - 1)) >= 0;
        notes.add(
            Character.toUpperCase(stripped.charAt(0)) + stripped.substring(1) + (ended ? "" : "."));
      }
      return this;
    }

    Draft pictures(String heading, List<WorstPairsSection.Pair> pairs) {
      List<WorstPairsSection.Pair> shown =
          pairs.stream().filter(WorstPairsSection.Pair::hasThumbnails).toList();
      if (!shown.isEmpty()) {
        pictures.add(new Pictures(heading, shown));
      }
      return this;
    }

    String id() {
      return id;
    }

    SectionView end() {
      return new SectionView(id, title, paragraphs, facts, figures, tables, notes, pictures);
    }
  }
}
