package org.mien.eval.report;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.mien.core.error.DataException;
import org.mien.core.run.AtomicFiles;

/**
 * Turns the data of a report into one self-contained HTML page.
 *
 * <p>The page names no other file or host: style sheet, plots and one small script are inside, and
 * its security policy forbids all else. The script only shows numbers beside the pointer and opens
 * what is folded before printing; without it the charts have titles and tables. The page is
 * well-formed XML too. The templates were compiled with the program.
 */
public final class HtmlReport {
  /** The name of the file inside a run folder. */
  public static final String FILE_NAME = "report.html";

  private static final TemplateEngine TEMPLATES =
      TemplateEngine.createPrecompiled(
          null,
          ContentType.Html,
          HtmlReport.class.getClassLoader(),
          HtmlReport.class.getPackageName());

  private static final String STYLE = resource("report.css");

  private static final String SCRIPT = resource("report.js");

  private HtmlReport() {}

  /** Returns the page; the same data gives the same page. */
  public static String render(ReportData data) {
    return renderTemplate("report.jte", new ReportView(data, STYLE, SCRIPT));
  }

  /** Returns the page that a template makes of its view. */
  static String renderTemplate(String template, Object view) {
    StringOutput out = new StringOutput(1 << 16);
    TEMPLATES.render(template, view, out);
    return printable(out.toString());
  }

  /** The style sheet of every page. */
  static String style() {
    return STYLE;
  }

  /**
   * Writes the page to a temporary name beside {@code file}, then moves it there.
   *
   * @throws DataException where it cannot be written; an older file is then unharmed
   */
  public static void write(ReportData data, Path file) {
    AtomicFiles.writeString(file, render(data));
  }

  /** Replaces what neither XML nor UTF-8 can hold; names of files may bring such characters. */
  private static String printable(String page) {
    StringBuilder out = null;
    int done = 0;
    for (int i = 0; i < page.length(); ) {
      int codePoint = page.codePointAt(i);
      int next = i + Character.charCount(codePoint);
      boolean control = codePoint < 0x20 && codePoint != '\n' && codePoint != '\t';
      boolean loneSurrogate = codePoint >= 0xD800 && codePoint <= 0xDFFF;
      if (control || loneSurrogate || codePoint == 0xFFFE || codePoint == 0xFFFF) {
        out = out == null ? new StringBuilder(page.length()) : out;
        out.append(page, done, i).append('\uFFFD');
        done = next;
      }
      i = next;
    }
    return out == null ? page : out.append(page, done, page.length()).toString();
  }

  private static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing beside " + HtmlReport.class);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(name + " cannot be read", e);
    }
  }
}
