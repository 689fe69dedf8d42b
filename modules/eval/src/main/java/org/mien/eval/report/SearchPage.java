package org.mien.eval.report;

import java.nio.file.Path;
import org.mien.core.run.AtomicFiles;

/** Turns the rows of a search into one self-contained HTML page. */
public final class SearchPage {
  private SearchPage() {}

  /** Returns the page; the same rows give the same page. */
  public static String render(SearchData data) {
    return HtmlReport.renderTemplate("search.jte", new SearchView(data, HtmlReport.style()));
  }

  /**
   * Writes the page to a temporary name beside {@code file}, then moves it there.
   *
   * @throws org.mien.core.error.DataException where it cannot be written; an older file is then
   *     unharmed
   */
  public static void write(SearchData data, Path file) {
    AtomicFiles.writeString(file, render(data));
  }
}
